import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { expect, it, vi } from "vitest";
import { loadAddon } from "../src/native/locate.ts";
import type { Entry } from "../src/snapshot/entry.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { verifySession } from "../src/snapshot/verify.ts";
import { itAsRoot, itAsUser } from "./support/requires.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const everything = { exclude: [], include: [] };

const snapshotsOf = (tree: TestTree) => openSnapshots(tree.at("store"));

/** The entries of one snapshot by path below `work`. */
async function captured(tree: TestTree, filter = everything): Promise<Map<string, Entry>> {
  const store = snapshotsOf(tree);
  const session = store.create(`s-${store.sessions().length}`, [tree.at("work")], filter);
  const { number } = await session.take("baseline");
  const entries = session.entries(number);
  session.close();
  store.close();
  return new Map(entries.map((entry) => [entry.path.slice(tree.at("work").length), entry]));
}

it("records contents, modes, times, links and what is no file, in the order of their bytes", async () => {
  await using tree = await makeTree({
    "work/a/b": "one",
    "work/a.b": "two",
    "work/empty/": "",
    "outside/x": "x",
  });
  fs.symlinkSync("../outside", tree.at("work/link"));
  fs.linkSync(tree.at("work/a.b"), tree.at("work/same"));
  fs.chmodSync(tree.at("work/a.b"), 0o4711);
  fs.utimesSync(tree.at("work/a/b"), 1, 1.5);
  execFileSync("mkfifo", [tree.at("work/fifo")]);
  const entries = await captured(tree);

  expect([...entries.keys()]).toEqual(["", "/a", "/a/b", "/a.b", "/empty", "/fifo", "/link", "/same"]);
  expect(entries.get("/a/b")).toMatchObject({ type: "file", size: 3, modified: 1_500_000_000n });
  expect(entries.get("/a.b")).toMatchObject({ mode: 0o4711, linkedTo: undefined });
  expect(entries.get("/same")).toMatchObject({ mode: 0o4711, linkedTo: tree.at("work/a.b") });
  expect(entries.get("/link")).toMatchObject({ type: "link", target: "../outside" });
  expect(entries.get("/fifo")).toMatchObject({ type: "other" });
});

it("records names of any bytes and length, attributes, and where a sparse file has data", async () => {
  await using tree = await makeTree({ "work/plain": "text" });
  const strange = Buffer.concat([Buffer.from(tree.at("work/")), Buffer.from([0xff, 0x0a, 0x80])]);
  fs.writeFileSync(strange, "strange");
  fs.writeFileSync(tree.at("work", "n".repeat(255)), "long");
  const sparse = fs.openSync(tree.at("work/sparse"), "w");
  fs.writeSync(sparse, "data", 1 << 20);
  fs.ftruncateSync(sparse, 1 << 30);
  fs.closeSync(sparse);
  const plain = fs.openSync(tree.at("work/plain"), "r+");
  loadAddon().setAttribute(plain, Buffer.from("user.note"), Buffer.from([0, 255]));
  fs.closeSync(plain);
  const entries = await captured(tree);

  expect(entries.get("/\udcff\n\udc80")).toMatchObject({ type: "file", size: 7 });
  expect(entries.get(`/${"n".repeat(255)}`)).toMatchObject({ type: "file", size: 4 });
  expect(entries.get("/plain")).toMatchObject({ attributes: [["user.note", "00ff"]] });
  expect(entries.get("/sparse")).toMatchObject({ size: 1 << 30, stretches: [[1 << 20, 4096]] });
});

it("has the same root for the same tree, and another for any change of it", async () => {
  await using tree = await makeTree({ "work/file": "text", "work/dir/": "" });
  const store = snapshotsOf(tree);
  const session = store.create("s", [tree.at("work")], everything);
  const roots = new Set([(await session.take("baseline")).merkleRoot]);
  expect((await session.take("checkpoint")).merkleRoot).toBe([...roots][0]);

  const changes: (() => void)[] = [
    () => fs.chmodSync(tree.at("work/file"), 0o600),
    () => fs.utimesSync(tree.at("work/file"), 1, 1),
    () => fs.chmodSync(tree.at("work/dir"), 0o700),
    () => fs.symlinkSync("a", tree.at("work/link")),
    () => fs.renameSync(tree.at("work/file"), tree.at("work/renamed")),
    () => fs.linkSync(tree.at("work/renamed"), tree.at("work/second")),
    () => fs.writeFileSync(tree.at("work/renamed"), "TEXT"),
  ];
  for (const change of changes) {
    change();
    roots.add((await session.take("checkpoint")).merkleRoot);
  }
  expect(roots.size).toBe(changes.length + 1);
});

it("reads nothing again of a tree that is untouched, and everything when the cache was changed", async () => {
  await using tree = await makeTree({ "work/a": "a", "work/d/b": "b" });
  for (const name of ["work/a", "work/d/b", "work/d", "work"]) fs.utimesSync(tree.at(name), 1, 1);
  const reads = async (): Promise<string[]> => {
    const store = snapshotsOf(tree);
    const session = store.create(`s-${store.sessions().length}`, [tree.at("work")], everything);
    const addon = loadAddon();
    const names: string[] = [];
    const counting = {
      ...addon,
      readFiles: (...of: Parameters<typeof addon.readFiles>) => {
        const texts = Buffer.from(of[0]).toString().split("\0");
        names.push(...texts.filter((_, index) => index % 2 === 1));
        return addon.readFiles(...of);
      },
    };
    const counted = Object.create(session, { addon: { value: counting } }) as typeof session;
    await counted.take("baseline");
    session.close();
    store.close();
    return names;
  };
  // The change of the tree has to be older than a tick of the kernel's clock.
  const changed = fs.statSync(tree.at("work")).ctimeMs;
  await vi.waitUntil(() => Date.now() > changed + 25, { timeout: 50_000, interval: 5 });
  expect(await reads()).toEqual(["a", "b"]);
  expect(await reads()).toEqual([]);
  fs.writeFileSync(tree.at("work/a"), "A");
  expect(await reads()).toEqual(["a"]);

  const names = fs.readdirSync(tree.at("store/caches"));
  const cache = tree.at("store/caches", names.find((name) => !name.endsWith(".state")) as string);
  const leaves = fs.statSync(cache).size - 1;
  for (const at of [0, 20, 44, 60, 200, leaves]) {
    const bytes = fs.readFileSync(cache);
    bytes[at] = (bytes[at] as number) ^ 1;
    fs.writeFileSync(cache, bytes);
    // Only a change lets the leaves be looked at.
    if (at === leaves) fs.writeFileSync(tree.at("work/a"), "a");
    expect(await reads(), `byte ${at}`).toEqual(["a", "b"]);
  }
});

it("tracks a single file, and a root that is not there yet", async () => {
  await using tree = await makeTree({ file: "text" });
  const session = snapshotsOf(tree).create("s", [tree.at("file"), tree.at("missing/tree")], everything);
  const { number } = await session.take("baseline");
  expect(session.entries(number).map((entry) => entry.path)).toEqual([tree.at("file")]);
});

it("refuses a tree over the budget before anything is read", async () => {
  await using tree = await makeTree({ "work/a": "a", "work/b": "bb" });
  const session = snapshotsOf(tree).create("s", [tree.at("work")], everything);
  await expect(session.take("baseline", { entries: 2, bytes: 100 })).rejects.toThrow(
    /3 entries or more, over the 2/,
  );
  await expect(session.take("baseline", { entries: 9, bytes: 2 })).rejects.toThrow(
    /3 bytes or more, over the 2/,
  );
  expect(fs.readdirSync(tree.at("store/packs"))).toEqual([]);
});

it("does not follow a root that became a link on the way", async () => {
  await using tree = await makeTree({ "real/work/a": "a", "other/work/secret": "s" });
  const session = snapshotsOf(tree).create("s", [tree.at("real/work")], everything);
  expect(await session.take("baseline")).toMatchObject({ fileCount: 1 });
  fs.renameSync(tree.at("real"), tree.at("moved"));
  fs.symlinkSync(tree.at("other"), tree.at("real"));
  await expect(session.take("checkpoint")).rejects.toThrow(/a link lies on the way to it/);
});

it("lets nobody else open a session that is open", async () => {
  await using tree = await makeTree({ "work/a": "a" });
  const [a, b] = [snapshotsOf(tree), snapshotsOf(tree)];
  const session = a.create("s", [tree.at("work")], everything);
  expect(() => b.open("s")).toThrow(/is in use/);
  expect(b.isOpen("s")).toBe(true);
  session.close();
  expect(b.isOpen("s")).toBe(false);
  b.open("s").close();
  expect(() => b.open("t")).toThrow(/no session t/);
  expect(() => b.open("../s")).toThrow(/no session/);
});

itAsUser("names what cannot be read, and captures the rest", async () => {
  await using tree = await makeTree({ "work/open": "o", "work/closed": "c", "work/shut/x": "x" });
  fs.chmodSync(tree.at("work/closed"), 0);
  fs.chmodSync(tree.at("work/shut"), 0);
  const store = snapshotsOf(tree);
  const session = store.create("s", [tree.at("work")], everything);
  const snapshot = await session.take("baseline");
  expect(snapshot.fileCount).toBe(1);
  expect(snapshot.uncaptured.map(({ reason }) => reason)).toEqual(["EACCES", "EACCES"]);
  fs.chmodSync(tree.at("work/shut"), 0o700);
});

it("marks a file that changes each time it is read", async () => {
  await using tree = await makeTree({ "work/quiet": "q", "work/busy": "x".repeat(64 << 20) });
  const writer = spawn("sh", ["-c", `while :; do echo >> '${tree.at("work/busy")}'; done`]);
  try {
    await vi.waitUntil(() => fs.statSync(tree.at("work/busy")).size > 64 << 20, { timeout: 50_000 });
    const session = snapshotsOf(tree).create("s", [tree.at("work")], everything);
    const snapshot = await session.take("checkpoint");
    expect(snapshot.uncaptured).toEqual([
      { path: tree.at("work/busy"), reason: "it changed each time it was read" },
    ]);
    expect(session.entries(snapshot.number).map((entry) => entry.type === "file" && entry.unstable)).toEqual([
      false,
      true,
      false,
    ]);
  } finally {
    writer.kill();
  }
});

itAsRoot("loses nothing on a full disk, and says that it is full", async () => {
  await using tree = await makeTree({ "work/a": "a", "store/": "" });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", tree.at("store")]);
  try {
    const store = snapshotsOf(tree);
    const session = store.create("s", [tree.at("work")], everything);
    await session.take("baseline");
    fs.writeFileSync(tree.at("work/large"), randomBytes(2 << 20));
    await expect(session.take("final")).rejects.toThrow(/ENOSPC/);
    expect(verifySession(store.objects, session.files)).toMatchObject({ snapshots: 1, damages: [] });
    fs.rmSync(tree.at("work/large"));
    expect(await session.take("final")).toMatchObject({ number: 1, fileCount: 1 });
    session.close();
    store.close();
  } finally {
    execFileSync("umount", ["-l", tree.at("store")]);
  }
});
