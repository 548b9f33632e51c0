import { describe, expect, it } from "vitest";
import { layer } from "../../../test/policy/fixtures.ts";
import { GROUPS } from "../data/groups.ts";
import type { Profile } from "../form/profile-form.ts";
import { BUILT_IN, withGroups } from "./catalog.ts";
import { selectGroups } from "./select.ts";

const REQUIRED = Object.entries(GROUPS)
  .filter(([, { required, platform }]) => required && platform !== "macos")
  .map(([name]) => name);

/** Names of the groups in force beside the required ones. */
function chosen(...profiles: Profile[]): readonly string[] {
  const selected = selectGroups(
    profiles.map((profile, at) => layer(profile, `p${at}`)),
    BUILT_IN,
    "linux",
  );
  return selected.map(({ name }) => name).filter((name) => !REQUIRED.includes(name));
}

describe("selectGroups", () => {
  it("has the required groups in every sandbox", () => {
    expect(selectGroups([], BUILT_IN, "linux").map(({ name }) => name)).toEqual(REQUIRED);
    expect(REQUIRED).toContain("deny_credentials");
  });

  it("includes what either list names", () => {
    expect(chosen({ security: { groups: ["git_config"] }, groups: { include: ["node_runtime"] } })).toEqual([
      "git_config",
      "node_runtime",
    ]);
  });

  it("lets a profile exclude what it inherits, and one that extends it include that again", () => {
    const base: Profile = { groups: { include: ["git_config", "node_runtime"] } };
    expect(chosen(base, { groups: { exclude: ["git_config"] } })).toEqual(["node_runtime"]);
    expect(
      chosen(base, { groups: { exclude: ["git_config"] } }, { groups: { include: ["git_config"] } }),
    ).toEqual(["node_runtime", "git_config"]);
    expect(chosen({ groups: { include: ["git_config"], exclude: ["git_config"] } })).toEqual([]);
  });

  it("leaves out groups of another platform, which every profile may name", () => {
    expect(chosen({ security: { groups: ["user_caches_macos", "user_caches_linux"] } })).toEqual([
      "user_caches_linux",
    ]);
    const macos = selectGroups([layer({ security: { groups: ["user_caches_macos"] } })], BUILT_IN, "macos");
    expect(macos.map(({ name }) => name)).toContain("user_caches_macos");
  });

  it("names the nearest group when there is none of that name", () => {
    expect(() => chosen({ security: { groups: ["node_runtme"] } })).toThrow(
      "profile:p0 names the group node_runtme, which does not exist: did you mean node_runtime?",
    );
    expect(() => chosen({ groups: { exclude: ["constructor"] } })).toThrow(
      "profile:p0 names the group constructor, which does not exist: nono profile groups shows them all",
    );
  });

  it("excludes no required group", () => {
    expect(() => chosen({ groups: { exclude: ["deny_credentials"] } })).toThrow(
      "profile:p0 excludes the group deny_credentials, which is required: lift single denials with bypass_protection",
    );
  });
});

describe("the user's groups", () => {
  it("add to a built-in group of the same name, and take nothing away", () => {
    const own = { deny_credentials: { description: "mine", deny: { access: ["~/work-keys"] } } };
    const parts = withGroups(BUILT_IN, own, "/cfg/groups.json").get("deny_credentials");
    expect(parts?.map(({ source }) => source)).toEqual([
      "group:deny_credentials",
      "group:deny_credentials (/cfg/groups.json)",
    ]);
    expect(BUILT_IN.get("deny_credentials")).toHaveLength(1);
  });

  it("can be required", () => {
    const own = { deny_work: { description: "mine", required: true, deny: { access: ["~/work"] } } };
    const catalog = withGroups(BUILT_IN, own, "/cfg/groups.json");
    expect(selectGroups([], catalog, "linux").map(({ name }) => name)).toContain("deny_work");
  });
});
