// What whoever has all the rights of the user can do to the records after a session, and whether it shows: the table in
// SECURITY.md, row by row.

import fs from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditStore, openAudit } from "../src/audit/audit-store.ts";
import { checkLog } from "../src/audit/check-log.ts";
import { cleanUpAudit } from "../src/audit/clean-up.ts";
import { type Head, HeadFile } from "../src/audit/head.ts";
import { linkData, linkExtension, type SessionLink } from "../src/audit/link.ts";
import { readEvents } from "../src/audit/read-log.ts";
import { CLEANUP, REMOVED, type Removed, removedData, removedOf } from "../src/audit/removed.ts";
import { keyOf, type SessionKey } from "../src/audit/session-key.ts";
import { SessionLog } from "../src/audit/session-log.ts";
import { type AuditVerification, type VerifyOptions, verifyAudit } from "../src/audit/verify-audit.ts";
import { digestOf } from "../src/hash/digest.ts";
import { IN_MEMORY } from "./support/tree.ts";

let place: string;
let directory: string;
let store: AuditStore;
/** What `nono audit anchor` has kept after each session, out of reach. */
let anchors: VerifyOptions[];
const earlier = () => `${place}/earlier`;
const fileOf = (session: string) => `${directory}/sessions/${session}.jsonl`;
const end = { kind: "end", data: {} };

async function record(session: string, how = "ended"): Promise<void> {
  const log = await store.begin(session, { command: ["true"] });
  log.append(
    { kind: "denied", data: { path: "/secret/1" } },
    { kind: "denied", data: { path: "/secret/2" } },
  );
  if (how === "ended") await log.finish(end);
  else {
    await log.commit({ kind: "answered", data: { id: "1" } });
    log.append({ kind: "denied", data: { path: "/secret/3" } });
    log.close();
  }
}

async function history(last: string): Promise<void> {
  for (const session of ["s-1", "s-2", "s-3", "s-4"]) {
    await record(session, session === "s-4" ? last : "ended");
    const note = [...readEvents(fileOf(session))].findLast(({ kind }) => kind === "checkpoint")?.data.note;
    const { firstKey } = await verifyAudit(store);
    anchors.push({ anchors: [String(note)], ...(firstKey === undefined ? {} : { firstKey }) });
    if (session === "s-2") fs.cpSync(directory, earlier(), { recursive: true });
  }
}

beforeEach(() => {
  place = fs.mkdtempSync(`${IN_MEMORY}/nono-audit-attacks-`);
  directory = `${place}/audit`;
  store = openAudit(directory);
  anchors = [];
});
afterEach(() => fs.rmSync(place, { recursive: true, force: true }));

const linesOf = (session: string) => fs.readFileSync(fileOf(session), "utf8").split(/(?<=\n)/);
const write = (session: string, lines: readonly string[]) =>
  fs.writeFileSync(fileOf(session), lines.join(""));

/** With the keys that are there: nobody has others. */
function editHead(change: (head: Head) => Partial<Head>): void {
  const file = new HeadFile(`${directory}/head`);
  const head = file.head as Head;
  file.write({ ...head, ...change(head) }, true);
  file.close();
}

const linkIn = (session: string) => checkLog(fileOf(session), session).link as SessionLink;
const endOf = (session: string) => checkLog(fileOf(session), session).end;
const firstOf = (session: string) => ({
  session,
  size: 1,
  root: checkLog(fileOf(session), session).first as string,
});

function cutShort(session: string): void {
  write(session, linesOf(session).slice(0, 2));
}

/** The head as it was before the last session began, as far as anybody knows it. */
const withoutLast = () =>
  editHead(({ number }) => ({ number: number - 1, before: firstOf("s-3"), open: [], ended: [endOf("s-3")] }));

const lastIsOpen = () => editHead(() => ({ open: ["s-4"], ended: [] }));

function backToEarlier(): void {
  fs.rmSync(directory, { recursive: true });
  fs.cpSync(earlier(), directory, { recursive: true });
}

/** A record whose keys the attacker has made. */
async function forge(link: SessionLink, secret: SessionKey): Promise<void> {
  const { session } = link;
  fs.rmSync(fileOf(session), { force: true });
  const descriptor = fs.openSync(fileOf(session), "ax+", 0o600);
  const log = new SessionLog({
    session,
    file: fileOf(session),
    descriptor,
    key: secret,
    onEnd: () => undefined,
  });
  const linked = linkData(link);
  await log.start({ kind: "start", data: { command: ["harmless"], link: linked } }, linkExtension(linked));
  await log.finish(end);
}

/** The first session was cleaned up, it says, and named the attacker's key: all after it are the attacker's. */
async function forgeBehindCleanup(): Promise<void> {
  const { seed } = new HeadFile(`${directory}/head`).head as Head;
  const keys = await Promise.all([1, 2, 3].map((filled) => keyOf(Buffer.alloc(32, filled))));
  const headKey = await keyOf(Buffer.from(seed, "hex"));
  const first = removedOf(checkLog(fileOf("s-1"), "s-1")) as Removed;
  const lie = { ...first, link: { ...first.link, next: keys[0]?.key as Buffer } };
  for (const [at, session] of ["s-2", "s-3", "s-4"].entries()) {
    const previous = `s-${at + 1}`;
    const [key, next] = [keys[at] as SessionKey, keys[at + 1] ?? headKey];
    const [before, sealed] = [firstOf(previous), [{ ...endOf(previous), how: "ended" as const }]];
    await forge({ session, number: at + 1, key: key.key, next: next.key, before, sealed }, key);
  }
  fs.rmSync(fileOf("s-1"));
  editHead(() => ({ before: firstOf("s-4"), open: [], ended: [endOf("s-4")] }));
  const log = await store.begin("s-5", { purpose: CLEANUP });
  await log.commit({ kind: REMOVED, data: removedData([lie]) });
  await log.finish(end);
}

type Attack = Readonly<{
  /** As SECURITY.md has it. */
  row: string;
  last?: "interrupted";
  act: () => unknown;
  /** What the attacker puts in the place of the anchors, where they are in reach. */
  anchors?: () => VerifyOptions;
  /** What `verify` says of it where it is no problem: the same each time for what is told, else nothing. */
  told?: (verified: AuditVerification) => boolean;
}>;

const newest = ({ sessions }: AuditVerification) => sessions.find(({ session }) => session === "s-4");

const ATTACKS: readonly Attack[] = [
  {
    row: "changes, drops, repeats, adds or exchanges bytes or lines of a record",
    act: () => write("s-3", linesOf("s-3").toSpliced(2, 1)),
  },
  { row: "deletes a record that is not the last", act: () => fs.rmSync(fileOf("s-2")) },
  {
    row: "puts a record in the place of another, or under another name as well",
    act: () => fs.copyFileSync(fileOf("s-2"), fileOf("s-9")),
  },
  { row: "deletes the last record", act: () => fs.rmSync(fileOf("s-4")) },
  {
    row: "deletes the last record, and edits `head` to fit",
    act: () => {
      fs.rmSync(fileOf("s-4"));
      withoutLast();
    },
  },
  {
    row: "writes a record anew, signed with the key that is there",
    act: async () => {
      const { seed } = new HeadFile(`${directory}/head`).head as Head;
      const key = await keyOf(Buffer.from(seed, "hex"));
      await forge({ ...linkIn("s-4"), key: key.key }, key);
      editHead(() => ({ before: firstOf("s-4"), open: [], ended: [endOf("s-4")] }));
    },
  },
  {
    row: "claims in the record of a cleanup that a session is gone, and writes those after it anew",
    act: forgeBehindCleanup,
  },
  {
    row: "begins two sessions after the same one",
    act: async () => {
      fs.cpSync(directory, `${place}/fork`, { recursive: true });
      await record("s-5");
      await (await openAudit(`${place}/fork`).begin("s-6", {})).finish(end);
      fs.copyFileSync(`${place}/fork/sessions/s-6.jsonl`, fileOf("s-6"));
    },
  },
  { row: "deletes `head`", act: () => fs.rmSync(`${directory}/head`) },
  { row: "cuts off the end of the last record", act: () => cutShort("s-4") },
  {
    row: "cuts off the end of the last record, and edits `head` to fit",
    act: () => {
      cutShort("s-4");
      lastIsOpen();
    },
    told: (verified) => newest(verified)?.state === "interrupted",
  },
  {
    row: "changes what stands behind the last checkpoint of a last session that was interrupted",
    last: "interrupted",
    act: () => write("s-4", linesOf("s-4").slice(0, -1)),
    told: (verified) => newest(verified)?.state === "interrupted",
  },
  {
    row: "removes records with `nono audit cleanup`",
    act: () => cleanUpAudit(store, "s-5", {}),
    told: ({ removed }) => removed.length === 4,
  },
  { row: "puts the whole directory back to an earlier copy", act: backToEarlier },
  {
    row: "puts it back, and records on with the keys in it",
    act: async () => {
      backToEarlier();
      await record("s-3");
      await record("s-4");
    },
  },
  {
    row: "deletes the whole directory, and records on",
    act: async () => {
      fs.rmSync(directory, { recursive: true });
      store = openAudit(directory);
      await record("s-1");
    },
  },
  { row: "records lies, or sessions that never were, from then on", act: () => record("s-5") },
  {
    row: "changes a checkpoint or the first key in the anchors",
    act: () => undefined,
    anchors: () => {
      const [note = ""] = anchors[3]?.anchors ?? [];
      return { anchors: [note.replace(/\n\d+\n/, "\n3\n")] };
    },
  },
  {
    row: "takes the newer anchors away, and puts the directory back to a copy of before",
    act: backToEarlier,
    anchors: () => anchors[1] ?? {},
  },
  {
    row: "keeps the anchors of a record that it began anew in the place of the true ones",
    act: async () => {
      fs.rmSync(directory, { recursive: true });
      store = openAudit(directory);
      anchors = [];
      await history("ended");
    },
  },
];

const outcome = (verified: AuditVerification, { told }: Attack) => {
  if (verified.findings.length > 0) return "found";
  return told?.(verified) === true ? "told" : "not found";
};

describe("with all the rights of the user, somebody", () => {
  const table = new Map(
    fs
      .readFileSync(new URL("../../../SECURITY.md", import.meta.url), "utf8")
      .split("\n")
      .flatMap((line): [string, readonly string[]][] => {
        const cells = line.split("|").map((cell) => cell.trim());
        return line.startsWith("| ") && cells.length === 5 ? [[cells[1] as string, cells.slice(2, 4)]] : [];
      }),
  );

  it.each(ATTACKS)("$row", async (attack) => {
    await history(attack.last ?? "ended");
    expect((await verifyAudit(store, anchors[3])).findings).toEqual([]);
    await attack.act();
    const [alone, anchored] = [
      await verifyAudit(store),
      await verifyAudit(store, attack.anchors?.() ?? anchors[3]),
    ];
    const shown = table.get(attack.row)?.map((cell) => /^(?:not )?[a-z]+/.exec(cell)?.[0]);
    expect(shown).toEqual([
      attack.anchors === undefined ? outcome(alone, attack) : undefined,
      outcome(anchored, attack),
    ]);
  });

  it("has no further rows in SECURITY.md", () => {
    const rows = [...table].filter(([, cells]) => cells.some((cell) => /^(not )?found|^told/.test(cell)));
    expect(rows.map(([row]) => row)).toEqual(ATTACKS.map(({ row }) => row));
  });

  it.each(["head", "first line"])("makes nobody stumble over a %s of another form", async (what) => {
    await history("ended");
    const file = what === "head" ? `${directory}/head` : fileOf("s-3");
    const bytes = fs.readFileSync(file);
    for (const [field, value] of formsOf(what === "head" ? headIn(bytes) : linkData(linkIn("s-3")))) {
      fs.writeFileSync(file, what === "head" ? withHead(bytes, field, value) : withLink(bytes, field, value));
      const { findings } = await verifyAudit(store);
      expect([field, value, findings.length > 0]).toEqual([field, value, true]);
    }
  });
});

const headIn = (bytes: Buffer): object =>
  JSON.parse(/\{.*?\}(?=\0|nono|$)/s.exec(bytes.toString())?.[0] ?? "{}");

const formsOf = (value: object) =>
  Object.keys(value).flatMap((field) =>
    [undefined, null, 7, -1, "x", [7], [null], {}].map((one) => [field, one] as const),
  );

/** Both halves, with the sums that belong to them. */
function withHead(bytes: Buffer, field: string, value: unknown): Buffer {
  const text = JSON.stringify({ ...headIn(bytes), [field]: value });
  const half = Buffer.alloc(64 << 10);
  half.write(
    `nono-audit-head 1 ${"9".padStart(12, "0")} ${String(text.length).padStart(6, "0")} ${digestOf(Buffer.from(`9\n${text}`))}\n${text}`,
  );
  return Buffer.concat([half, half]);
}

function withLink(bytes: Buffer, field: string, value: unknown): Buffer {
  const [first = "", ...rest] = bytes.toString().split("\n");
  const line = JSON.parse(first);
  line.data.link[field] = value;
  return Buffer.from([JSON.stringify(line), ...rest].join("\n"));
}
