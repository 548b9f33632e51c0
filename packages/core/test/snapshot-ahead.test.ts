import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { loadAddon } from "../src/native/locate.ts";
import { readListing, readRecord } from "../src/snapshot/file-record.ts";
import { rowOf } from "../src/snapshot/leaves.ts";
import { itWhere } from "./support/requires.ts";
import { IN_MEMORY, makeTree } from "./support/tree.ts";

const addon = loadAddon();
const textsOf = (...texts: string[]) => Buffer.from(texts.map((text) => `${text}\0`).join(""));

/** nice(2) of each thread of this process (proc_pid_stat(5)). */
function importances(): number[] {
  return fs.readdirSync("/proc/self/task").flatMap((thread) => {
    try {
      return Number(fs.readFileSync(`/proc/self/task/${thread}/stat`, "utf8").split(") ")[1]?.split(" ")[16]);
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

itWhere(os.getPriority() < 19, "a process that others can be less important than")(
  "an agent at work goes first: what is read and hashed in the background is less important",
  async () => {
    const content = randomBytes(1 << 20);
    await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
    for (let index = 0; index < 32; index++) fs.writeFileSync(tree.at(`work/${index}`), content);
    const files = textsOf(
      ...Array.from({ length: 32 }, (_, at) => [at === 0 ? tree.at("work") : "", `${at}`]).flat(),
    );
    /** Whether it was seen in one batch that some thread was less important than this one. */
    const stepsBack = async (background: boolean) => {
      let [isDone, isSeen] = [false, false];
      const read = addon.readFiles(files, Buffer.alloc(33 << 20), background).then(() => {
        isDone = true;
      });
      while (!isDone) {
        isSeen ||= importances().some((nice) => nice > os.getPriority());
        await setImmediate();
      }
      await read;
      return isSeen;
    };
    expect(await stepsBack(false)).toBe(false);
    await vi.waitUntil(() => stepsBack(true), { timeout: 30_000, interval: 0 });
    expect(await stepsBack(false)).toBe(false);
  },
);

describe.each([false, true])("read and hashed beside JavaScript, in the background: %s", (background) => {
  async function read(files: Buffer, size: number) {
    const room = Buffer.alloc(size);
    const told = await addon.readFiles(files, room, background);
    return Array.from({ length: told.length / 112 }, (_, index) => {
      const at = index * 112;
      const length = Number(told.readBigInt64LE(at + 96));
      const offset = Number(told.readBigUInt64LE(at + 104));
      const digest = told.toString("hex", at + 64, at + 96);
      return { length, digest, content: room.subarray(offset, offset + Math.max(0, length)) };
    });
  }

  it("gives contents of every length as they are, with their SHA-256", async () => {
    await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
    const lengths = [...Array(200).keys(), 4095, 4096, 65_537];
    const contents = lengths.map((length) => randomBytes(length));
    for (const [index, content] of contents.entries()) fs.writeFileSync(tree.at(`work/${index}`), content);
    const files = textsOf(
      ...contents.flatMap((_, index) => [index === 0 ? tree.at("work") : "", `${index}`]),
    );
    const found = await read(files, 1 << 20);
    expect(found).toEqual(
      contents.map((content) => ({
        length: content.length,
        digest: createHash("sha256").update(content).digest("hex"),
        content,
      })),
    );
  });

  it("follows no link, waits for no fifo, and says why a file was not read", async () => {
    await using tree = await makeTree({ "work/dir/file": "text", "work/large": "x".repeat(100) }, IN_MEMORY);
    fs.symlinkSync("dir", tree.at("work/link"));
    fs.symlinkSync("large", tree.at("work/linked"));
    execFileSync("mkfifo", [tree.at("work/fifo")]);
    const of = async (directory: string, name: string) =>
      (await read(textsOf(tree.at(directory), name), 100))[0]?.length;
    expect(await of("work/dir", "file")).toBe(4);
    expect(await of("work", "fifo")).toBe(-1);
    expect(await of("work", "large")).toBe(-2);
    expect(await of("work/link", "file")).toBe(-140); // ELOOP
    expect(await of("work", "linked")).toBe(-140);
    expect(await of("work/none", "file")).toBe(-102); // ENOENT
  });

  it("lists directories one behind the other, each with what it is, and no link to one", async () => {
    await using tree = await makeTree({ "work/a/x": "1", "work/b/y": "22", "work/b/z": "" }, IN_MEMORY);
    fs.symlinkSync("a", tree.at("work/link"));
    const nothing = { listing: Buffer.alloc(0), record: Buffer.alloc(56) };
    const paths = ["work/a", "work/link", "work/none", "work/b"].map((path) => tree.at(path));
    const found = (await compare(paths.map((path) => ({ path, ...nothing })))).map(
      ({ error, record, listing }) => ({
        error,
        names: [...readListing(listing)].map(({ name, record }) => `${name} ${record.size}`),
        kind: error === 0 ? record.kind : undefined,
      }),
    );
    expect(found).toEqual([
      { error: 0, names: ["x 1"], kind: "directory" },
      { error: 40, names: [], kind: undefined },
      { error: 2, names: [], kind: undefined },
      { error: 0, names: ["y 2", "z 0"], kind: "directory" },
    ]);
  });

  it("says of directories that are as they were only that", async () => {
    await using tree = await makeTree({ "work/a/x": "1", "work/b/x": "1", "work/c/x": "1" }, IN_MEMORY);
    const known = ["a", "b", "c"].map((name) => knownOf(tree.at("work", name)));
    const states = async () =>
      (await compare(known)).map(({ isAsKnown, listing }) => (isAsKnown ? "same" : listing.length));
    expect(await states()).toEqual(["same", "same", "same"]);
    fs.writeFileSync(tree.at("work/b/x"), "2");
    expect(await states()).toEqual(["same", 65, "same"]);
    // Another directory with the very files of the one before.
    fs.mkdirSync(tree.at("work/d"));
    fs.renameSync(tree.at("work/a/x"), tree.at("work/d/x"));
    const again = knownOf(tree.at("work/d")).listing;
    fs.rmdirSync(tree.at("work/a"));
    fs.renameSync(tree.at("work/d"), tree.at("work/a"));
    known[0] = { ...(known[0] as Known), listing: again };
    expect(await states()).toEqual([65, 65, "same"]);
  });

  itWhere(process.platform === "linux", "a file system whose directories' times are believed")(
    "does not read the names of a directory that has the times that it had",
    async () => {
      await using tree = await makeTree({ "work/x": "1" }, IN_MEMORY);
      const { listing } = knownOf(tree.at("work"));
      fs.writeFileSync(tree.at("work/new"), "");
      const known = { ...knownOf(tree.at("work")), listing };
      expect(await compare([known])).toMatchObject([{ isAsKnown: true }]);
      const untimed = Buffer.concat([known.record.subarray(0, 16)], 64);
      expect(await compare([{ ...known, record: untimed }])).toMatchObject([{ isAsKnown: false }]);
    },
  );

  it("tells which names are those that were there, and of which of them nothing changed", async () => {
    await using tree = await makeTree({ "work/b": "1", "work/d": "1", "work/e": "1" }, IN_MEMORY);
    const known = [knownOf(tree.at("work"))];
    fs.rmSync(tree.at("work/d"));
    fs.writeFileSync(tree.at("work/e"), "22");
    for (const name of ["a", "c", "f"]) fs.writeFileSync(tree.at("work", name), "");
    const [found] = await compare(known);
    expect(found?.matches).toEqual([0, (0x8000_0000 | 1) >>> 0, 0, 3, 0]);
    fs.rmSync(tree.at("work"), { recursive: true });
    fs.mkdirSync(tree.at("work"));
    expect((await compare(known))[0]).toMatchObject({ isAsKnown: false, matches: [] });
  });

  type Known = { path: string; record: Buffer; listing: Buffer };

  function knownOf(path: string): Known {
    const directory = fs.openSync(path, "r");
    const record = addon.describeFile(directory, Buffer.alloc(0)) as Buffer;
    const listing = addon.listDirectory(directory);
    fs.closeSync(directory);
    return { path, record, listing };
  }

  /** As the cache has them. */
  async function compare(known: readonly Known[]) {
    const bytes = Buffer.concat(
      known.map(({ path, record, listing }) =>
        rowOf(Buffer.concat([record.subarray(0, 56), rowOf(Buffer.from(path)), rowOf(listing)])),
      ),
    );
    const one = await addon.compareDirectories(bytes, 1, 1, background);
    const told = await addon.compareDirectories(bytes, 0, known.length + 1, background);
    const all = [...toldOf(told)];
    expect([...toldOf(one)].length).toBe(Math.min(1, known.length - 1));
    return all;
  }

  function* toldOf(bytes: Buffer) {
    for (let at = 0; at < bytes.length; ) {
      const [error, length, count] = [64, 68, 72].map((offset) => bytes.readUInt32LE(at + offset));
      const record = readRecord(bytes, at);
      const isAsKnown = length === 0xffff_ffff;
      const start = at + 80 + 4 * Number(count);
      const matches = Array.from({ length: Number(count) }, (_, index) =>
        bytes.readUInt32LE(start - 4 * (Number(count) - index)),
      );
      at = start + (isAsKnown ? 0 : Number(length));
      yield { error, record, isAsKnown, matches, listing: bytes.subarray(start, at) };
    }
  }
});
