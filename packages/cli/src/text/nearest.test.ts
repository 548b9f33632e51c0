import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

const FLAGS = ["--allow", "--read", "--write", "--block-net", "--dry-run"];

it.each([
  ["--alow", "--allow"],
  ["--raed", "--read"],
  ["--blocknet", "--block-net"],
  ["--dryrun", "--dry-run"],
])("takes %s for %s", (given, meant) => expect(nearest(given, FLAGS)).toBe(meant));

it("takes what is like nothing for nothing", () => {
  expect(nearest("--frobnicate", FLAGS)).toBeUndefined();
  expect(nearest("", ["a"])).toBeUndefined();
  expect(nearest("x".repeat(100_000), FLAGS)).toBeUndefined();
});
