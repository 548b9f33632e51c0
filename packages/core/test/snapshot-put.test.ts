import { createHash } from "node:crypto";
import fs from "node:fs";
import { expect, it } from "vitest";
import { loadAddon } from "../src/native/locate.ts";
import { cleanUp } from "../src/snapshot/cleanup.ts";
import { applyRestore, prepareRestore } from "../src/snapshot/restore.ts";
import type { SnapshotSession } from "../src/snapshot/snapshot-session.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { accountOf } from "./support/random-tree.ts";
import { IN_MEMORY, makeTree } from "./support/tree.ts";

const addon = loadAddon();
const WANTED = 104;

/** `replaces`: the file that is expected there. `digest`: of the content, unless it is another one. */
type Wish = { content: string; digest?: string; replaces?: string };

/** A description as file-put.c has it; the content lies behind it in the room. */
function roomFor({ content, digest, replaces }: Wish): Buffer {
  const wanted = Buffer.alloc(WANTED);
  wanted.writeInt32LE(-1, 0);
  wanted.writeUInt32LE(0o640, 4);
  wanted.writeBigUInt64LE(BigInt(WANTED), 8);
  wanted.writeBigUInt64LE(BigInt(content.length), 16);
  wanted.writeBigInt64LE(-1n, 24);
  wanted.writeUInt32LE(500_000_001, 32);
  if (replaces !== undefined) {
    const { dev, ino, size, mtimeNs } = fs.lstatSync(replaces, { bigint: true });
    wanted.writeUInt32LE(1, 36);
    for (const [index, number] of [dev, ino, size, mtimeNs].entries())
      wanted.writeBigUInt64LE(number, 40 + 8 * index);
  }
  createHash("sha256")
    .update(digest ?? content)
    .digest()
    .copy(wanted, 72);
  return Buffer.concat([wanted, Buffer.from(content)]);
}

async function put(directory: string, name: string, wish: Wish): Promise<number> {
  const texts = Buffer.from([".temporary", directory, name].map((text) => `${text}\0`).join(""));
  return (await addon.putFiles(texts, roomFor(wish))).readUInt32LE(0);
}

const { ENOENT, EEXIST, ELOOP, EIO, ENOTDIR } = { ENOENT: 2, EEXIST: 17, ELOOP: 40, EIO: 5, ENOTDIR: 20 };
const ESTALE = 116;

it("puts a file with its content, mode and time, before 1970 too", async () => {
  await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
  expect(await put(tree.at("work"), "file", { content: "text" })).toBe(0);
  expect(tree.read("work/file")).toBe("text");
  expect(fs.readdirSync(tree.at("work"))).toEqual(["file"]);
  const { mode, mtimeNs } = fs.statSync(tree.at("work/file"), { bigint: true });
  expect([Number(mode) & 0o7777, mtimeNs]).toEqual([0o640, -499_999_999n]);
});

it("replaces only the file that it was told of, and nothing where it was told of none", async () => {
  await using tree = await makeTree({ "work/a": "old", "work/b": "old" }, IN_MEMORY);
  const a = tree.at("work/a");
  expect(await put(tree.at("work"), "a", { content: "new" })).toBe(EEXIST);
  expect(await put(tree.at("work"), "a", { content: "new", replaces: tree.at("work/b") })).toBe(ESTALE);
  expect(await put(tree.at("work"), "c", { content: "new", replaces: a })).toBe(ESTALE);
  expect(tree.read("work/a")).toBe("old");
  expect(fs.readdirSync(tree.at("work"))).toEqual(["a", "b"]);
  expect(await put(tree.at("work"), "a", { content: "new", replaces: a })).toBe(0);
  expect(tree.read("work/a")).toBe("new");
});

it("puts nothing that is not the content of the digest, and nothing through a link", async () => {
  await using tree = await makeTree({ "work/dir/": "", "work/file": "", "victim/": "" }, IN_MEMORY);
  fs.symlinkSync(tree.at("victim"), tree.at("work/link"));
  fs.symlinkSync(tree.at("victim/x"), tree.at("work/dir/.temporary"));
  expect(await put(tree.at("work"), "new", { content: "text", digest: "other" })).toBe(EIO);
  expect(await put(tree.at("work/link"), "new", { content: "text" })).toBe(ELOOP);
  expect(await put(tree.at("work/none"), "new", { content: "text" })).toBe(ENOENT);
  expect(await put(tree.at("work/file"), "new", { content: "text" })).toBe(ENOTDIR);
  expect(await put(tree.at("work/dir"), "new", { content: "text" })).toBe(EEXIST);
  expect(fs.readdirSync(tree.at("victim"))).toEqual([]);
  expect(fs.readdirSync(tree.at("work")).sort()).toEqual(["dir", "file", "link"]);
});

async function restore(session: SnapshotSession) {
  return applyRestore(session, await prepareRestore(session, { to: 0 }));
}

/** More in one directory than in a batch, and between others. */
const MANY = Object.fromEntries([
  ...Array.from({ length: 600 }, (_, index) => [`work/many/${index}`, `text ${"repeated ".repeat(index)}`]),
  ...Array.from({ length: 30 }, (_, index) => [`work/many/2/${index}/file`.replace("2/", "2-/"), `${index}`]),
]);

it.each(["plain", "deflated"])("brings back many files at once, from packs that are %s", async (form) => {
  await using tree = await makeTree(MANY, IN_MEMORY);
  const store = openSnapshots(tree.at("store"));
  const session = store.create("s", [tree.at("work")], { exclude: [], include: [] });
  await session.take("baseline");
  const before = accountOf(tree.at("work"));
  for (let index = 0; index < 600; index += 3) fs.rmSync(tree.at(`work/many/${index}`));
  for (let index = 1; index < 600; index += 3) fs.writeFileSync(tree.at(`work/many/${index}`), "agent's");
  fs.rmSync(tree.at("work/many/2-"), { recursive: true });
  await session.take("final");
  if (form === "deflated") await cleanUp(store, {});
  expect((await restore(session)).conflicts).toEqual([]);
  expect(accountOf(tree.at("work"))).toEqual(before);
  session.close();
});

it("does one by one, and says why it cannot, what it could not do at once", async () => {
  await using tree = await makeTree({ "work/dir/file": "old", "work/other/file": "old" }, IN_MEMORY);
  const store = openSnapshots(tree.at("store"));
  const session = store.create("s", [tree.at("work")], { exclude: [], include: [] });
  await session.take("baseline");
  for (const name of ["dir", "other"]) fs.rmSync(tree.at(`work/${name}/file`));
  await session.take("final");
  const prepared = await prepareRestore(session, { to: 0 });
  fs.writeFileSync(tree.at("work/dir/file"), "person's");
  fs.chmodSync(tree.at("work/other"), 0o500);
  const { conflicts } = await applyRestore(session, prepared);
  expect(conflicts).toEqual([{ path: tree.at("work/dir/file"), reason: "changed" }]);
  expect([tree.read("work/dir/file"), tree.read("work/other/file")]).toEqual(["person's", "old"]);
  expect(fs.readdirSync(tree.at("work/dir"))).toEqual(["file"]);
  session.close();
});
