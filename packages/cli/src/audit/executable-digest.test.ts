import { createHash } from "node:crypto";
import fs from "node:fs";
import { expect, it } from "vitest";
import { makeTree } from "../../test/policy/fixtures.ts";
import { openExecutable } from "./executable-digest.ts";
import { KnownDigests } from "./known-digests.ts";

/** Where nothing is kept. */
const known = new KnownDigests("/nowhere/digests");

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

it.each([
  ["short", 10],
  ["of many parts", 200_000],
  ["long", 3 << 20],
])("is that of a file that is %s, read ahead or not", async (_, length) => {
  const text = "x".repeat(length);
  using tree = makeTree({ program: text });
  const path = tree.at("program");
  for (const isAhead of [true, false]) {
    const executable = openExecutable(path);
    if (isAhead) executable.readAhead();
    expect(await executable.digest(known)).toEqual({ path, sha256: digestOf(text), size: length });
  }
});

it("is that of the file as it was started, however it was when it was read ahead", async () => {
  using tree = makeTree({ program: "before" });
  const path = tree.at("program");
  await expect.poll(() => Date.now() - fs.statSync(path).ctimeMs).toBeGreaterThan(100); // else it is not read ahead
  const executable = openExecutable(path);
  executable.readAhead();
  fs.writeFileSync(path, "behind");
  expect(await executable.digest(known)).toMatchObject({ sha256: digestOf("behind") });
});

it("is that of a file that has lain there", async () => {
  const path = new URL(import.meta.url).pathname;
  const executable = openExecutable(path);
  executable.readAhead();
  expect(await executable.digest(known)).toMatchObject({ sha256: digestOf(fs.readFileSync(path, "utf8")) });
});

it("is none where the file cannot be read", async () => {
  const executable = openExecutable("/nowhere");
  executable.readAhead();
  expect(await executable.digest(known)).toBeUndefined();
});
