// Trees and changes of them for property tests, and an account of a tree that shares no code with what is tested.

import { createHash } from "node:crypto";
import fs from "node:fs";
import fc from "fast-check";
import { loadAddon } from "../../src/native/locate.ts";

/** File names as bytes in Latin-1, some of them no UTF-8. */
const aName = fc.constantFrom(
  "a",
  "b",
  "c.txt",
  "d\u00e9",
  "\u00ff\u0080",
  "-x",
  "e\nf",
  "n".repeat(255),
  "\u00fe".repeat(255),
);
const aPlace = fc.array(aName, { minLength: 1, maxLength: 4 });

const anEdit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("write"), at: aPlace, text: fc.string({ maxLength: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("directory"), at: aPlace }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), at: aPlace }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rename"), at: aPlace, to: aPlace }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link"), at: aPlace, to: aPlace }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("symlink"), at: aPlace, to: aName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("mode"),
      at: aPlace,
      mode: fc.constantFrom(0o400, 0o755, 0o1777, 0o600),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("time"), at: aPlace, time: fc.integer({ min: 0, max: 2 ** 31 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("owner"), at: aPlace, owner: fc.constantFrom(0, 1000, 65_534) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sparse"), at: aPlace }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("deep"), at: aPlace }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("attribute"), at: aPlace, text: fc.string({ maxLength: 20 }) }),
  },
);

export type Edit = Readonly<{
  do: string;
  at: readonly string[];
  to?: string | readonly string[];
  text?: string;
  mode?: number;
  time?: number;
  owner?: number;
}>;

export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.array(anEdit, { minLength: 1, maxLength: 12 });

/** Does what can be done of it: many edits make no sense in the tree as it is. */
export function edit(root: string, edits: readonly Edit[]): void {
  for (const one of edits) {
    try {
      apply(root, one);
    } catch (error) {
      const { code, errno } = error as NodeJS.ErrnoException;
      if (typeof code !== "string" && typeof errno !== "number") throw error;
    }
  }
}

function placeOf(root: string, names: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(root), ...names.map((name) => Buffer.from(`/${name}`, "latin1"))]);
}

function apply(root: string, one: Edit): void {
  const place = placeOf(root, one.at);
  const other = placeOf(root, typeof one.to === "string" ? [one.to] : (one.to ?? []));
  switch (one.do) {
    case "write":
      fs.writeFileSync(place, one.text ?? "");
      break;
    case "directory":
      fs.mkdirSync(place, { recursive: true });
      break;
    case "remove":
      fs.rmSync(place, { recursive: true });
      break;
    case "rename":
      fs.renameSync(place, other);
      break;
    case "link":
      fs.linkSync(place, other);
      break;
    case "symlink":
      fs.symlinkSync(Buffer.from(one.to as string, "latin1"), place);
      break;
    case "mode":
      // A directory that its owner cannot search has no account as an ordinary user.
      fs.chmodSync(place, (one.mode ?? 0) | (fs.statSync(place).isDirectory() ? 0o500 : 0));
      break;
    case "time":
      fs.utimesSync(place, 1, (one.time ?? 0) + 0.25);
      break;
    case "owner":
      // Only root gives anything away; the property is then about the rest.
      fs.lchownSync(place, one.owner ?? 0, one.owner ?? 0);
      break;
    case "sparse": {
      const file = fs.openSync(place, "w");
      fs.writeSync(file, "data", 70_000);
      fs.ftruncateSync(file, 300_000);
      fs.closeSync(file);
      break;
    }
    case "attribute":
      setAttribute(place, one.text ?? "");
      break;
    case "deep":
      fs.mkdirSync(Buffer.concat([place, Buffer.from("/deep".repeat(40))]), { recursive: true });
      break;
  }
}

function setAttribute(place: Buffer, text: string): void {
  const opened = fs.openSync(place, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    loadAddon().setAttribute(opened, Buffer.from("user.note"), Buffer.from(text));
  } finally {
    fs.closeSync(opened);
  }
}

/** Gives the owner every right on every directory, so that the tree can be removed. */
export function openUp(root: string | Buffer): void {
  fs.chmodSync(root, 0o700);
  for (const entry of fs.readdirSync(root, { encoding: "buffer" })) {
    const path = Buffer.concat([Buffer.from(root), Buffer.from("/"), entry]);
    if (fs.lstatSync(path).isDirectory()) openUp(path);
  }
}

/** Everything that a snapshot records of a tree, a line for each name. */
export function accountOf(root: string): string[] {
  const first = new Map<bigint, string>();
  const lines: string[] = [];
  const visit = (path: Buffer, name: string): void => {
    const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return;
    const { mode, uid, gid, mtimeNs } = stat;
    const own = [mode.toString(8), `${uid}:${gid}`, mtimeNs];
    lines.push([name, ...own, ...contentOf(path, name, stat, first)].join(" "));
    if (!stat.isDirectory()) return;
    for (const child of fs.readdirSync(path, { encoding: "buffer" }).sort(Buffer.compare))
      visit(Buffer.concat([path, Buffer.from("/"), child]), `${name}/${child.toString("latin1")}`);
  };
  visit(Buffer.from(root), "");
  return lines;
}

function contentOf(path: Buffer, name: string, stat: fs.BigIntStats, first: Map<bigint, string>): string[] {
  if (stat.isSymbolicLink()) return [fs.readlinkSync(path, { encoding: "latin1" })];
  if (stat.isDirectory()) return [attributesOf(path)];
  if (!stat.isFile()) return [];
  const isSparse = stat.blocks * 512n < stat.size;
  if (!first.has(stat.ino)) first.set(stat.ino, name);
  const digest = digestOf(fs.readFileSync(path));
  return [digest, first.get(stat.ino) ?? "", isSparse ? "sparse" : "whole", attributesOf(path)];
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function attributesOf(path: Buffer): string {
  const descriptor = fs.openSync(path, "r");
  const found = Object.entries(loadAddon().attributes(descriptor) ?? {}).sort();
  fs.closeSync(descriptor);
  return found.map(([name, value]) => `${name}=${value.toString("hex")}`).join();
}
