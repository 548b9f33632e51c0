import { describe, expect, it } from "vitest";
import { makeTree, policyFrom, type Tree, type TreeSpec } from "../../../test/policy/fixtures.ts";
import type { ConfigPlace } from "../config-files.ts";
import { PROFILES } from "../data/profiles.ts";
import { messageOf } from "../error.ts";
import { readProfiles } from "../form/read-profiles.ts";
import { BUILT_IN } from "../group/catalog.ts";
import { listGroups, listProfiles } from "./list.ts";
import { comparePolicies, policyLines } from "./policy-lines.ts";
import { profileTemplate } from "./template.ts";
import { validateProfiles } from "./validate.ts";

function config(files: TreeSpec = {}): { tree: Tree; place: ConfigPlace } & Disposable {
  const tree = makeTree({ "work/": "", ...files });
  const place = {
    directory: tree.at("nono"),
    home: tree.at("home"),
    workdir: tree.at("work"),
    uid: process.getuid?.() ?? 0,
  };
  return { tree, place, [Symbol.dispose]: () => tree[Symbol.dispose]() };
}

describe("listProfiles", () => {
  it("lists the built-in ones, then the user's, with what is wrong with one", async () => {
    using it = config({
      "nono/profiles/mine.json": `{ "meta": { "description": "my own" } }`,
      "nono/profiles/broken.json": `{ "extends": "nobody" }`,
      "nono/profiles/notes.txt": "",
    });
    const listed = await listProfiles(it.place);
    expect(listed.slice(0, -2).map(({ name }) => name)).toEqual(Object.keys(PROFILES));
    expect(listed.filter(({ description, problem }) => description === "" && problem === undefined)).toEqual(
      [],
    );
    expect(listed.slice(-2)).toEqual([
      {
        name: "broken",
        description: "",
        file: it.tree.at("nono/profiles/broken.json"),
        problem: "no profile is called nobody: nono profile list shows them all",
      },
      { name: "mine", description: "my own", file: it.tree.at("nono/profiles/mine.json") },
    ]);
  });

  it("needs no directory", async () => {
    using it = config();
    expect(await listProfiles(it.place)).toHaveLength(Object.keys(PROFILES).length);
  });
});

describe("listGroups", () => {
  it("says of every group what it is for, whether it can be left out, and who uses it", () => {
    const groups = listGroups(BUILT_IN);
    expect(groups.find(({ name }) => name === "deny_credentials")).toEqual({
      name: "deny_credentials",
      description: "Keys, tokens and passwords that tools keep in the home directory",
      required: true,
      usedBy: [],
    });
    expect(groups.find(({ name }) => name === "system_read")).toMatchObject({
      platform: "linux",
      usedBy: ["default"],
    });
  });
});

describe("policyLines and comparePolicies", () => {
  it("say everything once, with who said it first", () => {
    const policy = policyFrom([
      { filesystem: { read: ["/a"] } },
      { filesystem: { read: ["/a"], allow: ["/a"] } },
    ]);
    expect(policyLines(policy).filter(({ subject }) => subject === "/a")).toEqual([
      { what: "grant read+write", subject: "/a", source: "profile:test" },
      { what: "grant read", subject: "/a", source: "profile:test" },
    ]);
  });

  it("show what is added and what is gone, and nothing between equals", () => {
    const before = policyFrom([{ filesystem: { read: ["/a", "/b"] }, network: { block: true } }]);
    const network = { allow_connect: ["localhost:5432", "[::1]"] };
    const after = policyFrom([
      { filesystem: { read: ["/a"], deny: ["/b"] }, commands: { deny: ["git"] }, network },
    ]);
    const subjects = (lines: readonly { what: string; subject: string }[]) =>
      lines.map((it) => `${it.what} ${it.subject}`);
    const { added, removed } = comparePolicies(before, after);
    expect(subjects(added)).toEqual([
      "deny read+write /b",
      "block command git",
      "connect to host localhost:5432",
      "connect to host [::1]",
    ]);
    expect(subjects(removed)).toEqual(["grant read /b", "block network"]);
    expect(comparePolicies(before, before)).toEqual({ added: [], removed: [] });
  });
});

describe("validateProfiles", () => {
  async function problemsOf(text: string, files: TreeSpec = {}): Promise<readonly string[]> {
    using it = config(files);
    const problems = await validateProfiles(text, it.tree.at("work/p.json"), BUILT_IN, it.place);
    return problems.map((problem) => messageOf(problem).replaceAll(`${it.tree.root}/`, ""));
  }

  it("finds nothing in a profile that is in order, wherever it lies", async () => {
    expect(
      await problemsOf(`{ "extends": ["node-dev", "mine"] }`, { "nono/profiles/mine.json": "{}" }),
    ).toEqual([]);
  });

  it("finds everything that is wrong, not only the first", async () => {
    const text = `{
      "extends": ["claude-cod", "broken"],
      "security": { "groups": ["git_confg"] },
      "groups": { "exclude": ["deny_credentials"] }
    }`;
    expect(await problemsOf(text, { "nono/profiles/broken.json": "{" })).toEqual([
      "work/p.json names the group git_confg, which does not exist: did you mean git_config?",
      "work/p.json excludes the group deny_credentials, which is required: lift single denials with bypass_protection",
      "no profile is called claude-cod: did you mean claude-code?",
      "nono/profiles/broken.json:1:2: close brace expected",
    ]);
  });

  it("looks at every profile of a file", async () => {
    const text = `{ "a": { "extends": "#b" }, "b": { "extends": "#c", "groups": { "include": ["nix"] } } }`;
    expect(await problemsOf(text)).toEqual([
      "work/p.json names the group nix, which does not exist: nono profile groups shows them all",
      "work/p.json holds no profile called c",
    ]);
  });
});

describe("profileTemplate", () => {
  it("loads as it is", () => {
    const text = profileTemplate({ name: "mine", extends: "claude-code", description: 'with "quotes"' });
    const read = readProfiles(text, "mine.json");
    expect(read).toMatchObject({
      value: {
        kind: "one",
        profile: { extends: "claude-code", meta: { name: "mine", description: 'with "quotes"' } },
      },
    });
  });

  it("loads with every example in its comments, too", () => {
    const text = profileTemplate({ name: "mine", extends: "default", description: "" });
    const examples = text.replace(/^ {2}\/\/ (?=")/gm, "  ");
    expect(examples).not.toBe(text);
    expect(readProfiles(examples, "mine.json")).toMatchObject({
      value: { profile: { network: { block: true }, commands: { deny: ["docker"] } } },
    });
  });
});
