import { expect, it } from "vitest";
import { coverOf, withParts } from "./overlap.ts";

const grant = (entry: string, real: string, access = "read") => ({
  entry,
  real,
  access,
});
const usr = grant("/usr", "/usr");
const bin = grant("/bin", "/usr/bin");
const own = grant("~/.one", "/home/a/.one", "read+write");
const same = grant("$ONE", "/home/a/.one", "read+write");
const part = grant("~/.one/bin", "/home/a/.one/bin");
const grants = [usr, bin, own, same, part];

it("finds what another entry grants already", () => {
  expect(grants.map((one) => coverOf(one, grants)?.entry)).toEqual([
    undefined,
    "/usr",
    undefined,
    "~/.one",
    "~/.one",
  ]);
});

it("does not take reading for a cover of writing", () => {
  const write = grant("/usr/local", "/usr/local", "read+write");
  expect(coverOf(write, [usr, write])).toBeUndefined();
});

it("takes away with an entry what would still grant a part of it", () => {
  expect(withParts(usr, grants)).toEqual([usr, bin]);
  expect(withParts(own, grants)).toEqual([own, same, part]);
});

it("does not take a grant of a directory for its making", () => {
  const make = grant("~/.one", "/home/a/.one", "create");
  expect(coverOf(make, [...grants, make])).toBeUndefined();
  expect(withParts(own, [...grants, make])).not.toContain(make);
});
