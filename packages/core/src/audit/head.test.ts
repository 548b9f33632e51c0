import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Head, HeadFile, readHead } from "./head.ts";

/** Bytes of one half. */
const HALF = 65536;

let directory: string;
let file: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "nono-head-"));
  file = path.join(directory, "head");
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

/** One that has seen so many sessions end. */
function headOf(number: number, ended: number): Head {
  const root = "ab".repeat(32);
  const ends = Array.from({ length: ended }, (_, n) => ({ session: `s-${n}`, size: n + 2, root }));
  return { number, seed: "cd".repeat(32), before: null, open: [], ended: ends };
}

function write(head: Head, durable = true): void {
  const open = new HeadFile(file);
  open.write(head, durable);
  open.close();
}

function damage(half: 0 | 1): void {
  const descriptor = fs.openSync(file, "r+");
  fs.writeSync(descriptor, "x", half * HALF + 150);
  fs.closeSync(descriptor);
}

it.each([0, 1, 40, 400])("has what was written last, with %i sessions that have ended", (ended) => {
  write(headOf(1, 3));
  write(headOf(2, ended), false);
  expect(readHead(file)).toEqual(headOf(2, ended));
  const open = new HeadFile(file);
  expect(open.head).toEqual(headOf(2, ended));
  open.close();
});

it.each([2, 400])("has what was written before, where the later half is cut off (%i ended)", (ended) => {
  write(headOf(1, ended));
  write(headOf(2, ended), false);
  // The second one that was written lies in the first half.
  damage(0);
  expect(readHead(file)).toEqual(headOf(1, ended));
});

it("says that it is damaged where both halves are", () => {
  write(headOf(1, 2));
  damage(0);
  damage(1);
  expect(readHead(file)).toBeUndefined();
  expect(() => new HeadFile(file)).toThrow("damaged");
});

it("has nothing before the first one is written", () => {
  const open = new HeadFile(file);
  expect(open.head).toBeUndefined();
  open.close();
  expect(readHead(`${file}-other`)).toBeUndefined();
});
