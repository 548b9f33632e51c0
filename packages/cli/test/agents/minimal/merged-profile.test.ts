import { expect, it } from "vitest";
import { mergedProfile, withoutGroups } from "./merged-profile.ts";

const groups = {
  system: { description: "system", allow: { read: ["/usr", "/etc/hosts"], readwrite: ["/dev/null"] } },
  system_macos: { description: "system", platform: "macos" as const, allow: { read: ["/System"] } },
  dangerous: { description: "dangerous", deny: { commands: ["rm"] } },
};
const base = { groups: { include: ["system", "system_macos", "dangerous"] } };
const own = { extends: "default", groups: { include: ["more"] }, filesystem: { allow: ["~/.one"] } };

it("makes one profile of those that it extends", () => {
  expect(mergedProfile([base, own])).toEqual({
    extends: [],
    groups: { include: ["system", "system_macos", "dangerous", "more"] },
    filesystem: { allow: ["~/.one"] },
  });
});

it("leaves out a group that is excluded", () => {
  expect(mergedProfile([base, { groups: { exclude: ["system"] } }]).groups?.include).not.toContain("system");
});

it("puts the grants of groups beside the profile's own, and keeps groups that close or are for elsewhere", () => {
  const kindOf = (path: string) => (path === "/usr" ? "directory" : "file") as "directory" | "file";
  const { profile, groupOf } = withoutGroups(
    mergedProfile([base, { filesystem: own.filesystem }]),
    groups,
    kindOf,
  );
  expect(profile).toMatchObject({
    groups: { include: ["system_macos", "dangerous"] },
    filesystem: { allow: ["~/.one"], read: ["/usr"], read_file: ["/etc/hosts"], allow_file: ["/dev/null"] },
  });
  expect(Object.fromEntries(groupOf)).toEqual({
    "/usr": "system",
    "/etc/hosts": "system",
    "/dev/null": "system",
  });
});
