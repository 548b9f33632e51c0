import fs from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { type Digest, digestOf } from "../hash/digest.ts";
import { loadAddon } from "../native/locate.ts";
import { ObjectStore } from "./object-store.ts";
import { ObjectWriter } from "./object-writer.ts";
import { layOut, objectFile } from "./store-layout.ts";

const openStore = (directory: string) => new ObjectStore(layOut(directory));
const writerOf = (store: ObjectStore, compress = false) => new ObjectWriter(store, loadAddon(), compress);

async function addAll(
  store: ObjectStore,
  contents: readonly Uint8Array[],
  compress = false,
): Promise<Digest[]> {
  const writer = writerOf(store, compress);
  const digests = contents.map((content) => writer.add(content));
  await writer.finish();
  return digests;
}

it("gives back every content it was given, deflated or not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 })),
      fc.boolean(),
      async (contents, compress) => {
        await using tree = await makeTree();
        const store = openStore(tree.root);
        const digests = await addAll(store, contents, compress);
        expect(digests.map((digest) => store.read(digest))).toEqual(
          contents.map((bytes) => Buffer.from(bytes)),
        );
        store.close();
      },
    ),
    { numRuns: 20 },
  );
});

it("keeps one copy of a content, whoever adds it again", async () => {
  await using tree = await makeTree();
  const [a, b] = [openStore(tree.root), openStore(tree.root)];
  await addAll(a, [Buffer.from("once"), Buffer.from("once")]);
  await addAll(b, [Buffer.from("once")]);
  expect(fs.readdirSync(tree.at("packs"))).toHaveLength(1);
  expect(fs.statSync(tree.at("packs", fs.readdirSync(tree.at("packs"))[0] as string)).mode & 0o777).toBe(
    0o400,
  );
});

it("keeps a large file as an object of its own, with its data only where it is sparse", async () => {
  await using tree = await makeTree({ large: "x".repeat(3 << 20) });
  const store = openStore(tree.at("store"));
  const writer = writerOf(store);
  const file = fs.openSync(tree.at("large"), "r");
  const whole = writer.addFile(file, undefined, 3 << 20);
  const part = writer.addFile(file, [[1, 2 << 20]], 3 << 20);
  await writer.finish();
  fs.closeSync(file);

  expect(whole).toBe(digestOf(Buffer.alloc(3 << 20, "x")));
  expect(store.read(part)).toHaveLength(2 << 20);
  expect(fs.statSync(objectFile(store.layout, whole)).mode & 0o777).toBe(0o400);
});

it("notices every changed byte of a pack, and a large object that was changed", async () => {
  await using tree = await makeTree({ large: "x".repeat(1 << 20) });
  const store = openStore(tree.at("store"));
  const [digest] = (await addAll(store, [Buffer.from("content")])) as [Digest];
  const [pack] = store.packFiles() as [string];
  store.close();
  fs.chmodSync(pack, 0o600);
  const bytes = fs.readFileSync(pack);
  for (let at = 0; at < bytes.length; at++) {
    const tampered = Buffer.from(bytes);
    tampered[at] = (tampered[at] as number) ^ 1;
    fs.writeFileSync(pack, tampered);
    expect(() => openStore(tree.at("store")).read(digest)).toThrow(/is damaged/);
  }
  fs.writeFileSync(pack, bytes);

  const writer = writerOf(store);
  const file = fs.openSync(tree.at("large"), "r");
  const large = writer.addFile(file, undefined, 1 << 20);
  await writer.finish();
  fs.closeSync(file);
  fs.chmodSync(objectFile(store.layout, large), 0o600);
  fs.appendFileSync(objectFile(store.layout, large), "y");
  expect(() => store.read(large)).toThrow(/is damaged/);
});

it("says which content is missing", async () => {
  await using tree = await makeTree();
  const digest = digestOf(Buffer.from("never added"));
  expect(() => openStore(tree.root).read(digest)).toThrow(`content ${digest} is missing`);
});

it("leaves nothing of what was abandoned", async () => {
  await using tree = await makeTree();
  const writer = writerOf(openStore(tree.root));
  writer.add(Buffer.from("a"));
  writer.abandon();
  expect(fs.readdirSync(tree.at("packs"))).toEqual([]);
});
