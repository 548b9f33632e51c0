import { execFileSync } from "node:child_process";
import fs from "node:fs";
import type { CanonicalPath } from "nono-ts";
import { realFiles } from "nono-ts/internal";
import { describe, expect, it } from "vitest";
import { makeTree, policyFrom, type Tree, variablesIn } from "../../test/policy/fixtures.ts";
import type { PolicyFlags } from "../policy/flags.ts";
import type { Profile } from "../policy/form/profile-form.ts";
import type { LocatedGrant } from "../policy/placed/located.ts";
import { guardOf } from "./guard.ts";
import { PLACE_LIMIT, Places } from "./places.ts";
import { repositoryPlaces } from "./repository.ts";

const GUARDED: Profile = { groups: { include: ["run_later"] }, workdir: { access: "readwrite" } };
const SECRETS: Profile = { groups: { include: ["workspace_secrets"] }, workdir: { access: "readwrite" } };

function guardIn(
  tree: Tree,
  profile: Profile = GUARDED,
  flags: Partial<PolicyFlags> = {},
  supervisor = true,
) {
  const policy = policyFrom([profile], flags, { variables: variablesIn(tree), cwd: tree.at("project") });
  return guardOf(policy, { supervisor, insisted: flags.guard ?? false });
}

/** Below the project, with what comes before them taken off. */
function namesIn(tree: Tree, ...args: [Profile?, Partial<PolicyFlags>?]): readonly string[] {
  return guardIn(tree, ...args).denials.map(({ path }) => path.replace(`${tree.at("project")}/`, ""));
}

const HEAD = { HEAD: "", config: "", "objects/": "", "refs/": "", "hooks/": "" };
const repository = (at: string, files: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries({ ...HEAD, ...files }).map(([name, text]) => [`${at}/${name}`, text]));

describe("the guard", () => {
  it("names what runs later in the directory of work, whether it is there or not", () => {
    using tree = makeTree({ "project/": "" });
    const names = namesIn(tree);
    expect(names).toEqual(
      expect.arrayContaining([".vscode", ".envrc", ".mcp.json", ".claude/settings.json"]),
    );
    expect(names.filter((name) => name.startsWith(".git"))).toEqual([]);
    expect(guardIn(tree).denials[0]).toMatchObject({ access: "write", asks: expect.stringMatching(/./) });
  });

  it("names hooks and configuration of each repository, with its modules and worktrees", () => {
    using tree = makeTree({
      ...repository("project/.git"),
      ...repository("project/.git/modules/libs/z"),
      "project/.git/worktrees/side/commondir": "../..",
      "project/.git/worktrees/side/HEAD": "",
      ...repository("project/vendor/mirror.git"),
      "project/side/.git": "gitdir: ../.git/worktrees/side\n",
      "project/other/.git": "gitdir: /nowhere/else\n",
    });
    const { denials, status } = guardIn(tree);
    const names = denials.map(({ path }) => path.replace(`${tree.at("project")}/`, ""));
    for (const at of [".git", ".git/modules/libs/z", "vendor/mirror.git"])
      expect(names).toEqual(
        expect.arrayContaining(
          ["hooks", "config", "config.worktree", "commondir"].map((name) => `${at}/${name}`),
        ),
      );
    expect(names).toEqual(expect.arrayContaining(["side/.git", "other/.git", "side/.vscode"]));
    const removable = denials.filter((one) => one.removable).map(({ path }) => path);
    expect(removable).toContain(tree.at("project/.git/worktrees/side/commondir"));
    expect(removable).toContain(tree.at("project/side/.git"));
    expect(removable).not.toContain(tree.at("project/.git/config"));
    expect(status).toMatchObject({ status: "on", repositories: 4, complete: true });
  });

  it("shuts what there is too much of to look into, and says so", () => {
    const deep = Array.from({ length: 17 }, () => "d").join("/");
    using tree = makeTree({
      ...repository("project/.git"),
      ...repository(`project/.git/modules/${deep}/lost`),
      ...repository("project/.git/modules/near"),
    });
    const names = namesIn(tree);
    expect(names).toContain(".git/modules/near/hooks");
    expect(names.filter((name) => `.git/modules/${deep}/lost/hooks`.startsWith(name))).toHaveLength(1);
    expect(guardIn(tree).status).toMatchObject({ complete: false });

    const policy = policyFrom([GUARDED], {}, { variables: variablesIn(tree), cwd: tree.at("project") });
    const git = { directory: tree.at("project/.git") as CanonicalPath, workTree: undefined };
    const places = new Places(
      [{ real: { kind: "directory", path: tree.at("project") } } as unknown as LocatedGrant],
      PLACE_LIMIT,
    );
    expect(repositoryPlaces([git], policy.guard, realFiles, places, 1)).toBe(false);
    const modules = places.all().filter(({ path }) => path.startsWith(tree.at("project/.git/modules")));
    expect(modules.map(({ path }) => path)).toEqual([tree.at("project/.git/modules")]);
  });

  it("is refused where there is more to guard than a start can carry, and says where", () => {
    const planted = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `project/src/deep/d${index}/.git`,
          "gitdir: ../../../.git\n",
        ]),
      );
    using tree = makeTree({ ...repository("project/.git"), ...planted(30) });
    const policy = policyFrom([GUARDED], {}, { variables: variablesIn(tree), cwd: tree.at("project") });
    const options = { supervisor: true, insisted: false };
    const { length } = guardOf(policy, options).denials;
    expect(guardOf(policy, { ...options, limit: length }).denials).toHaveLength(length);
    expect(() => guardOf(policy, { ...options, limit: length - 1 })).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          code: "guard-places",
          path: tree.at("project/src/deep"),
          example: expect.stringMatching(/\/project\//),
        }),
      }),
    );
  });

  it("says so when a configuration includes more than is read", () => {
    const includes = Array.from({ length: 70 }, (_, index) => `[include]\npath = ../c${index}\n`).join("");
    using tree = makeTree(repository("project/.git", { config: includes }));
    expect(namesIn(tree)).toContain("c69");
    expect(guardIn(tree).status).toMatchObject({ complete: false });
  });

  it("names a link and what it leads to", () => {
    using tree = makeTree({
      ...repository("project/.git"),
      "project/tools/check": "",
      "project/.git/hooks/pre-commit": "-> ../../tools/check",
      "project/shared/": "",
      "project/.claude": "-> shared",
      ...repository("project/real"),
      "project/sub/.git": "-> ../real",
    });
    expect(namesIn(tree)).toEqual(
      expect.arrayContaining([".claude", "shared/settings.json", "tools/check", "sub/.git", "real/config"]),
    );
  });

  it("follows what a configuration includes, and where it has its hooks", () => {
    using tree = makeTree({
      ...repository("project/.git", {
        config: "[core]\nhooksPath = .husky/_\n[include]\npath = ../.gitconfig\n",
      }),
      "project/.gitconfig": "[include]\npath = further\n[include]\npath = /etc/gitconfig\n",
    });
    const names = namesIn(tree);
    expect(names).toEqual(
      expect.arrayContaining([".husky", ".gitconfig", "further", ".pre-commit-config.yaml"]),
    );
    expect(names).not.toContain("/etc/gitconfig");
  });

  it("knows a repository that runs no hooks by what it leaves alone", () => {
    using tree = makeTree(repository("project/.git", { "hooks/pre-commit.sample": "" }));
    expect(namesIn(tree)).not.toContain(".pre-commit-config.yaml");
  });

  it("finds the settings of a part of the project, but not in what package managers fill", () => {
    using tree = makeTree({
      "project/packages/a/.vscode/": "",
      "project/packages/a/.claude/": "",
      "project/node_modules/b/.vscode/": "",
    });
    const names = namesIn(tree);
    expect(names).toContain("packages/a/.vscode");
    expect(names).toContain("packages/a/.claude/settings.json");
    expect(names.filter((name) => /node_modules|packages\/a\/\.idea/.test(name))).toEqual([]);
  });

  it("covers what the user grants, and not the state of an agent that a built-in profile grants", () => {
    using tree = makeTree({ "project/": "", "more/": "", "home/.claude/": "", "read/": "" });
    const flags = { allow: [tree.at("more")], read: [tree.at("read")] };
    const { denials } = guardIn(tree, GUARDED, flags);
    const paths = denials.map(({ path }) => path);
    expect(paths).toContain(tree.at("more/.vscode"));
    expect(paths.filter((path) => path.startsWith(tree.at("read")))).toEqual([]);
  });

  it("is lifted by a grant for writing that names a guarded place or what is in it", () => {
    using tree = makeTree({ "project/.vscode/snippets/": "", "project/.envrc": "" });
    const flags = { allow: [tree.at("project/.vscode/snippets")], writeFile: [tree.at("project/.envrc")] };
    const names = namesIn(tree, GUARDED, flags);
    expect(names).not.toContain(".vscode");
    expect(names).not.toContain(".envrc");
    expect(names).toContain(".idea");
  });

  it("waits for nothing that an agent may have prepared", () => {
    using tree = makeTree({
      ...repository("project/.git"),
      "project/loop": "-> loop",
      "project/.claude": "-> .claude",
    });
    fs.rmSync(tree.at("project/.git/config"));
    for (const pipe of ["project/.git/config", "project/.git/commondir"])
      execFileSync("mkfifo", [tree.at(pipe)]);
    fs.mkdirSync(tree.at("project/side"));
    execFileSync("mkfifo", [tree.at("project/side/.git")]);
    expect(namesIn(tree)).toEqual(expect.arrayContaining([".git/config", ".claude", "side/.git"]));
  });

  it("says that it is off without a supervisor, unless it is insisted on", () => {
    using tree = makeTree({ "project/": "" });
    expect(guardIn(tree, GUARDED, {}, false)).toMatchObject({ denials: [], status: { status: "off" } });
    expect(guardIn(tree, GUARDED, { guard: true }, false).status).toMatchObject({ status: "on" });
    expect(guardIn(tree, { workdir: { access: "readwrite" } }, {}, false).status).toEqual({
      status: "not-asked",
    });
  });

  it("is what the command line says", () => {
    using tree = makeTree({ "project/": "" });
    expect(namesIn(tree, { workdir: { access: "readwrite" } }, { guard: true })).toContain(".vscode");
    expect(guardIn(tree, GUARDED, { noGuard: true })).toEqual({
      denials: [],
      status: { status: "not-asked" },
    });
  });
});

describe("the guard of secrets", () => {
  it("denies environment files, keys and credentials, wherever they are", () => {
    using tree = makeTree({
      "project/.env": "",
      "project/app/.env.production": "",
      "project/app/.env.example": "",
      "project/app/env.ts": "",
      "project/certs/server.key": "",
      "project/id_ed25519": "",
    });
    const { denials } = guardIn(tree, SECRETS);
    expect(denials.every(({ access }) => access === "read+write")).toBe(true);
    expect(denials.map(({ path }) => path.replace(`${tree.at("project")}/`, "")).sort()).toEqual([
      ".env",
      "app/.env.production",
      "certs/server.key",
      "id_ed25519",
    ]);
  });

  it("holds without a supervisor as well", () => {
    using tree = makeTree({ "project/.env": "" });
    expect(guardIn(tree, SECRETS, {}, false).denials).toHaveLength(1);
  });
});
