import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { policyFrom } from "../../../test/policy/fixtures.ts";
import { comparePolicies, type PolicyLine, policyLines } from "../catalog/policy-lines.ts";
import { readGroups } from "../form/read-groups.ts";
import { readProfiles } from "../form/read-profiles.ts";
import { VARIABLE_NAMES } from "../variables.ts";
import { GROUPS } from "./groups.ts";
import { PROFILES } from "./profiles.ts";

const groupsSource = readFileSync(new URL("./groups.jsonc", import.meta.url), "utf8");

describe("the built-in groups", () => {
  it("are what their source says, and have the form of groups.json", () => {
    expect(readGroups(groupsSource, "groups.jsonc")).toEqual({ value: GROUPS });
  });

  it("grant or deny something, each of them", () => {
    for (const [name, { allow, deny, guard }] of Object.entries(GROUPS))
      expect(Object.values({ ...allow, ...deny, ...guard }).flat(), name).not.toEqual([]);
  });

  it("name a path once", () => {
    for (const [name, { allow, deny }] of Object.entries(GROUPS)) {
      const paths = [allow?.read, allow?.write, allow?.readwrite, deny?.access, deny?.write].flatMap(
        (it) => it ?? [],
      );
      expect(paths, name).toEqual([...new Set(paths)]);
    }
  });

  it("require what denies secrets, and nothing that grants", () => {
    const required = Object.entries(GROUPS).filter(([, group]) => group.required);
    expect(required.map(([name]) => name)).toEqual(Object.keys(GROUPS).filter((name) => /^deny_/.test(name)));
    expect(required.filter(([, group]) => group.allow !== undefined)).toEqual([]);
  });

  it("block rm, dd, chmod, sudo and scp, and leave a coding agent what it works with", () => {
    const blocked = Object.values(GROUPS).flatMap(({ deny }) => deny?.commands ?? []);
    expect(blocked).toEqual(expect.arrayContaining(["rm", "dd", "chmod", "sudo", "scp"]));
    const needed = [
      "mv",
      "cp",
      "ln",
      "mkdir",
      "rmdir",
      "touch",
      "kill",
      "pkill",
      "sed",
      "git",
      "tar",
      "curl",
      "npm",
    ];
    expect(blocked.filter((name) => needed.includes(name))).toEqual([]);
  });

  it("deny the default place as well of what a variable moves", () => {
    const denied = Object.values(GROUPS).flatMap(({ deny }) => deny?.access ?? []);
    const moved = denied.filter((path) => /^\$(?!XDG_|HOME)/.test(path));
    expect(moved.filter((path) => !VARIABLE_NAMES.some((name) => path.startsWith(`$${name}`)))).toEqual([]);
    expect(moved).toContain("$GNUPGHOME");
    expect(denied).toContain("~/.gnupg");
  });
});

describe("the built-in profiles", () => {
  it.each(Object.entries(PROFILES))(
    "%s is what its source says, and has the form of a profile",
    (name, profile) => {
      const source = readFileSync(new URL(`./profiles/${name}.jsonc`, import.meta.url), "utf8");
      expect(readProfiles(source, name)).toEqual({ value: { kind: "one", profile } });
    },
  );

  it.each(Object.entries(PROFILES))(
    "%s says what it is for, and why each group is in it",
    (name, { meta, groups }) => {
      expect(meta).toMatchObject({ name, description: expect.stringMatching(/./) });
      expect((groups?.include ?? []).filter((group) => !Object.hasOwn(GROUPS, group))).toEqual([]);
    },
  );
});

describe("what the built-in profiles come to, for one fixed home", () => {
  const builtIn = (name: string) => ({ name, source: `profile:${name}`, profile: PROFILES[name] ?? {} });
  const policyOf = (...names: string[]) =>
    policyFrom(
      [],
      {},
      { chain: { name: names.at(-1) ?? "", reference: "test", files: [], layers: names.map(builtIn) } },
    );
  const base = policyOf("default");
  const text = (sign: string, lines: readonly PolicyLine[]) =>
    lines.map(({ what, subject, source }) => `${sign}${what.padEnd(20)} ${subject}  (${source})\n`).join("");

  it("default", async () => {
    await expect(text("", policyLines(base))).toMatchFileSnapshot("./profiles/default.golden.txt");
  });

  it.each(Object.keys(PROFILES).filter((name) => name !== "default"))("%s, beside default", async (name) => {
    const { added, removed } = comparePolicies(base, policyOf("default", name));
    await expect(text("+ ", added) + text("- ", removed)).toMatchFileSnapshot(
      `./profiles/${name}.golden.txt`,
    );
  });
});
