// The form of a log, byte by byte: logs that are written today have to be read by whoever reads them later, in any
// language. The seed, the clock and the name are given; all else follows.

import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkLog } from "../src/audit/check-log.ts";
import { decodeLine, encodeLine, frameOf } from "../src/audit/line.ts";
import { linkData, linkExtension } from "../src/audit/link.ts";
import { keyOf, nextSeed } from "../src/audit/session-key.ts";
import { SessionLog } from "../src/audit/session-log.ts";
import { encodeVerifier } from "../src/audit/signed-note.ts";
import { digestOf } from "../src/hash/digest.ts";
import { textOf } from "../src/text/bytes.ts";
import { IN_MEMORY } from "./support/tree.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(`${IN_MEMORY}/nono-golden-`);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const SESSION = "20260216-193311-20751";
const SEED = Buffer.alloc(32, 7);

it("is what it was", async () => {
  const file = `${directory}/log`;
  const key = await keyOf(SEED);
  const next = await keyOf(await nextSeed(SEED));
  const log = new SessionLog({
    session: SESSION,
    file,
    descriptor: openSync(file, "ax+"),
    key,
    onEnd: () => undefined,
    now: () => new Date("2026-02-16T19:33:11.496Z"),
  });
  const link = { session: SESSION, number: 0, key: key.key, next: next.key, before: null, sealed: [] };
  const linked = linkData(link);
  const command = ["echo", textOf(Buffer.from("a\xff", "latin1"))];
  await log.start({ kind: "start", data: { command, link: linked } }, linkExtension(linked));
  log.append({ kind: "denied", data: { path: "/etc/shadow" } });
  await log.finish({ kind: "end", data: { exit_code: 0, signal: null } });

  const bytes = readFileSync(file);
  expect(bytes.toString()).toMatchSnapshot();
  expect(encodeVerifier({ name: `nono-audit/${SESSION}`, key: key.key })).toMatchSnapshot();
  expect(digestOf(bytes)).toMatchSnapshot();
  expect(checkLog(file, SESSION)).toMatchObject({ problems: [], ended: true, signed: 5 });
});

it("has its frame at the end of a line, whatever a text in it says", () => {
  const previous = "ab".repeat(32);
  const trick = `x","kind":"end","n":1,"prev":"${previous}"}`;
  for (const data of [{}, { path: trick }, { command: [trick, "é", textOf(Buffer.of(0xff))] }]) {
    const line = encodeLine({ kind: "denied", data, n: 7, at: "2026-01-01T00:00:00.000Z" }, previous);
    const { kind, n, previous: before } = decodeLine(line) ?? {};
    expect(frameOf(line)).toEqual({ kind, n, previous: before });
  }
});
