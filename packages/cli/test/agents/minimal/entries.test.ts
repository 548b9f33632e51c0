import { expect, it } from "vitest";
import { describe, openingEntries, without } from "./entries.ts";

const profile = {
  meta: { name: "one" },
  extends: "default",
  groups: { include: ["dangerous"] },
  filesystem: { allow: ["~/.one", "~/.two"], create_file: { "~/.one.json": "{}" }, deny: ["~/.three"] },
  environment: { set_vars: { ONE: "1" }, deny_vars: ["TWO"] },
  workdir: { access: "readwrite" },
};

it("lists what opens something, and nothing that closes", () => {
  expect(openingEntries(profile).map((path) => describe(profile, path))).toEqual([
    "groups.include dangerous",
    "filesystem.allow ~/.one",
    "filesystem.allow ~/.two",
    "filesystem.create_file.~/.one.json",
    "environment.set_vars.ONE",
    "workdir.access",
  ]);
});

it("takes away the entries that are named, and nothing else", () => {
  const paths = [
    ["filesystem", "allow", 0],
    ["filesystem", "allow", 1],
    ["environment", "set_vars", "ONE"],
  ];
  expect(without(profile, paths)).toEqual({
    ...profile,
    filesystem: { ...profile.filesystem, allow: [] },
    environment: { set_vars: {}, deny_vars: ["TWO"] },
  });
});
