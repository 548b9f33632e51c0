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
const WANTED = 112;

const [PUT, MAKE, FINISH] = [0, 1, 2];
const MODIFIED = -499_999_999n;

/** `replaces`: the file that is expected there. `digest`: of the content, unless it is another one. */
type Wish = { step?: number; content?: string; digest?: string; replaces?: string; mode?: number };

/** A description as file-restore.c has it; the content lies behind it in the room. */
function roomFor({ step = PUT, content = "", digest, replaces, mode = 0o640 }: Wish): Buffer {
  const wanted = Buffer.alloc(WANTED);
  wanted.writeUInt32LE(step, 0);
  wanted.writeInt32LE(-1, 4);
  wanted.writeUInt32LE(mode, 8);
  wanted.writeBigUInt64LE(BigInt(WANTED), 16);
  wanted.writeBigUInt64LE(BigInt(content.length), 24);
  wanted.writeBigInt64LE(MODIFIED, 32);
  if (replaces !== undefined) {
    const { dev, ino, size, mtimeNs } = fs.lstatSync(replaces, { bigint: true });
    wanted.writeUInt32LE(1, 12);
    for (const [index, number] of [dev, ino, size, mtimeNs].entries())
      wanted.writeBigUInt64LE(number, 40 + 8 * index);
  }
  createHash("sha256")
    .update(digest ?? content)
    .digest()
    .copy(wanted, 72);
  wanted.writeUInt32LE(process.geteuid?.() ?? 0, 104);
  wanted.writeUInt32LE(process.getegid?.() ?? 0, 108);
  return Buffer.concat([wanted, Buffer.from(content)]);
}

/** Errno of each. */
async function perform(directory: string, names: readonly string[], wish: Wish): Promise<number[]> {
  const texts = [".temporary", ...names.flatMap((name, index) => [index === 0 ? directory : "", name])];
  const room = roomFor(wish);
  const rooms = [...names.map(() => room.subarray(0, WANTED)), room.subarray(WANTED)];
  const told = await addon.restoreFiles(
    Buffer.from(texts.map((text) => `${text}\0`).join("")),
    Buffer.concat(rooms),
  );
  return names.map((_, index) => told.readUInt32LE(4 * index));
}

async function put(directory: string, name: string, wish: Wish): Promise<number> {
  return (await perform(directory, [name], wish))[0] as number;
}

const { ENOENT, EEXIST, ELOOP, EIO, ENOTDIR } = { ENOENT: 2, EEXIST: 17, ELOOP: 40, EIO: 5, ENOTDIR: 20 };
const [ESTALE, ECANCELED, EOPNOTSUPP] = [116, 125, 95];

it("puts a file with its content, mode and time, before 1970 too", async () => {
  await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
  expect(await put(tree.at("work"), "file", { content: "text" })).toBe(0);
  expect(tree.read("work/file")).toBe("text");
  expect(fs.readdirSync(tree.at("work"))).toEqual(["file"]);
  const { mode, mtimeNs } = fs.statSync(tree.at("work/file"), { bigint: true });
  expect([Number(mode) & 0o7777, mtimeNs]).toEqual([0o640, MODIFIED]);
});

it("gives a file the mode that it is to have, whatever the mask of the process", async () => {
  await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
  const modes = [0, 0o400, 0o444, 0o600, 0o640, 0o644, 0o664, 0o666, 0o755, 0o777, 0o1644, 0o2755, 0o4755];
  for (const mask of [0, 0o022, 0o077, 0o777]) {
    const before = process.umask(mask);
    const names = modes.map((mode) => `${mask}-${mode}`);
    try {
      for (const [index, mode] of modes.entries())
        expect(await put(tree.at("work"), names[index] as string, { mode })).toBe(0);
    } finally {
      process.umask(before);
    }
    expect(names.map((name) => fs.statSync(tree.at("work", name)).mode & 0o7777)).toEqual(modes);
  }
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

it("makes directories for their owner alone, and none where something is", async () => {
  await using tree = await makeTree({ "work/taken": "" }, IN_MEMORY);
  expect(await perform(tree.at("work"), ["a", "taken", "b"], { step: MAKE })).toEqual([0, EEXIST, 0]);
  for (const name of ["a", "b"]) expect(fs.statSync(tree.at("work", name)).mode & 0o7777).toBe(0o700);
});

it("gives directories mode and time in their order, up to the first that it cannot", async () => {
  await using tree = await makeTree({ "work/a/": "", "work/b/": "", "work/file": "" }, IN_MEMORY);
  fs.symlinkSync("b", tree.at("work/link"));
  for (const other of ["file", "link"])
    expect(await perform(tree.at("work"), ["a", other, "b"], { step: FINISH })).toEqual([
      0,
      ENOTDIR,
      ECANCELED,
    ]);
  const modes = ["a", "b", "file"].map((name) => fs.statSync(tree.at("work", name)).mode & 0o777);
  expect(modes).toEqual([0o640, 0o755, 0o644]);
  expect(fs.statSync(tree.at("work/a"), { bigint: true }).mtimeNs).toBe(MODIFIED);
});

it("leaves directories with attributes to JavaScript, which compares them", async () => {
  await using tree = await makeTree({ "work/a/": "" }, IN_MEMORY);
  const directory = fs.openSync(tree.at("work/a"), "r");
  addon.setAttribute(directory, Buffer.from("user.note"), Buffer.from("x"));
  fs.closeSync(directory);
  expect(await perform(tree.at("work"), ["a"], { step: FINISH })).toEqual([EOPNOTSUPP]);
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
