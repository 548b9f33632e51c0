import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree, type Tree, type TreeSpec } from "../../test/policy/fixtures.ts";
import { NO_FLAGS, type PolicyFlags } from "./flags.ts";
import { type LoadedPolicy, policyOf } from "./policy-of.ts";

const SEED_GROUPS = `{
  "deny_credentials": {
    "description": "Block access to cryptographic keys, tokens, and cloud credentials",
    "deny": { "access": ["~/.ssh", "~/.gnupg", "~/.aws", "~/.kube", "~/.docker"] }
  },
  "node_runtime": {
    "description": "Node.js runtime and package manager paths",
    "allow": { "read": ["~/.nvm", "~/.fnm", "~/.npm", "/usr/local/lib/node_modules"] }
  }
}`;

function home(files: TreeSpec = {}): Tree {
  return makeTree({ "home/": "", "project/": "", ...files });
}

function policyIn(tree: Tree, flags: Partial<PolicyFlags> = {}): Promise<LoadedPolicy> {
  return policyOf(
    { ...NO_FLAGS, ...flags },
    {
      home: tree.at("home"),
      workdir: tree.at("project"),
      tmpdir: tree.at("tmp"),
      uid: process.getuid?.() ?? 0,
      terminal: undefined,
      env: {},
      cwd: tree.at("project"),
      platform: "linux",
      programs: [],
    },
  );
}

describe("policyOf", () => {
  it("is the default profile without --profile", async () => {
    using tree = home();
    const { policy } = await policyIn(tree);
    expect(policy).toMatchObject({ profile: "default", files: [], creations: [] });
    expect(policy.grants.map(({ source }) => source)).toContain("group:system_read");
    expect(
      policy.grants.filter(({ path, access }) => access !== "read" && path.startsWith(tree.at("home"))),
    ).toEqual([]);
    expect(policy.grants.filter(({ path }) => path.startsWith(tree.at("project")))).toEqual([]);
  });

  it("reads the seed's groups file from the config directory: it adds to the built-in groups", async () => {
    using tree = home({ "home/.config/nono/groups.json": SEED_GROUPS });
    const { policy } = await policyIn(tree, { profile: "node-dev" });
    const own = `(${tree.at("home/.config/nono/groups.json")})`;
    expect(policy.grants).toContainEqual(
      expect.objectContaining({
        path: tree.at("home/.npm"),
        access: "read",
        source: `group:node_runtime ${own}`,
      }),
    );
    const ssh = policy.denials.filter(({ path }) => path === tree.at("home/.ssh"));
    expect(ssh.map(({ source }) => source)).toEqual([
      "group:deny_credentials",
      `group:deny_credentials ${own}`,
    ]);
    expect(policy.files).toEqual([tree.at("home/.config/nono/groups.json")]);
  });

  it("has a group of the user's own in a profile, and names the nearest when it is misspelt", async () => {
    const groups = `{ "work_tools": { "description": "", "allow": { "read": ["~/work"] } } }`;
    using tree = home({
      "home/.config/nono/groups.json": groups,
      "home/.config/nono/profiles/right.json": `{ "groups": { "include": ["work_tools"] } }`,
      "home/.config/nono/profiles/wrong.json": `{ "groups": { "include": ["work_tool"] } }`,
    });
    const { policy } = await policyIn(tree, { profile: "right" });
    expect(policy.grants.map(({ path }) => path)).toContain(tree.at("home/work"));
    await expect(policyIn(tree, { profile: "wrong" })).rejects.toThrow(/did you mean work_tools\?$/);
  });

  it("stops where groups.json cannot be trusted or read", async () => {
    using tree = home({ "home/.config/nono/groups.json": "{}" });
    const file = tree.at("home/.config/nono/groups.json");
    chmodSync(file, 0o666);
    await expect(policyIn(tree)).rejects.toThrow(
      `${file} is not read, because it can be written by everybody`,
    );
    using broken = home({ "home/.config/nono/groups.json": "{ oops" });
    await expect(policyIn(broken)).rejects.toThrow(/groups\.json:1:3: /);
  });

  it("reads nothing from the working directory", async () => {
    const profile = `{ "filesystem": { "allow": ["~"] } }`;
    using tree = home({
      "project/.config/nono/groups.json": `{ "x": { "description": "", "required": true, "allow": { "read": ["~"] } } }`,
      "project/profiles/default.json": profile,
      "project/default.json": profile,
      "project/nono.json": profile,
    });
    using empty = home();
    const plain = (policy: unknown, { root }: Tree) => JSON.stringify(policy).replaceAll(root, "");
    expect(plain((await policyIn(tree)).policy, tree)).toBe(plain((await policyIn(empty)).policy, empty));
  });
});
