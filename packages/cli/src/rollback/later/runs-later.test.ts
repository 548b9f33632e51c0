import type { Change, Entry } from "nono-ts";
import { describe, expect, it } from "vitest";
import { changedPrograms } from "./git-programs.ts";
import { runsLater } from "./runs-later.ts";

const CONTEXT = { left: [], commandPath: ["/home/me/bin", "/w/tools"], home: "/home/me" };

/** Contents by digest: the digest is the content here. */
const textOf = (entry: Entry) => (entry.type === "file" ? entry.content : undefined);

function file(path: string, content: string, mode = 0o644): Entry {
  return {
    type: "file",
    path,
    content: content as Extract<Entry, { type: "file" }>["content"],
    mode,
    size: content.length,
    uid: 0,
    gid: 0,
    modified: 0n,
    attributes: [],
    stretches: undefined,
    linkedTo: undefined,
    unstable: false,
  };
}

function changed(path: string, before: string | undefined, after: string | undefined, mode?: number): Change {
  const [old, now] = [before, after].map((text) => (text === undefined ? undefined : file(path, text, mode)));
  const kind = old === undefined ? "added" : now === undefined ? "deleted" : "modified";
  return { path, kind, before: old, after: now };
}

function later(...changes: readonly Change[]) {
  return runsLater(changes, { ...CONTEXT, textOf }).map(({ change, details }) => [change.path, ...details]);
}

describe("what runs later", () => {
  it.each([
    "/w/.git/hooks/post-commit",
    "/w/.git/modules/a/b/hooks/pre-push",
    "/w/.git/worktrees/x/config.worktree",
    "/w/sub/.husky/pre-commit",
    "/w/.envrc",
    "/w/.vscode/tasks.json",
    "/w/sub/Makefile",
    "/w/rules.mk",
    "/w/.github/workflows/ci.yml",
    "/home/me/.bashrc",
    "/home/me/.config/fish/conf.d/x.fish",
    "/w/.claude/settings.json",
    "/w/.mcp.json",
    "/w/CLAUDE.md",
    "/w/vite.config.ts",
    "/w/lib/evil.pth",
    "/w/Taskfile.dist.yml",
    "/w/package.yaml",
    "/w/composer.json",
    "/w/rust-toolchain",
    "/w/sub/lib.gradle.kts",
    "/w/Directory.Build.props",
    "/w/.eslintrc.json",
    "/w/.pylintrc",
    "/w/.Rprofile",
    "/w/.venv/bin/python",
    "/w/node_modules/.bin/tsc",
    "/w/tools/git",
  ])("is %s", (path) => {
    expect(later(changed(path, undefined, "x"))).toEqual([[path]]);
    expect(later(changed(path, "x", undefined))).toEqual([[path]]);
  });

  it.each([
    "/w/.git/index",
    "/w/.git/objects/hooks",
    "/w/src/main.c",
    "/w/hooks/x",
    "/w/notes.md",
    "/w/tools/sub/x",
  ])("is not %s", (path) => {
    expect(later(changed(path, undefined, "x"))).toEqual([]);
  });

  it("names the keys of a git configuration that run programs, and lists it in any case", () => {
    const path = "/w/.git/config";
    const before = "[core]\n\tbare = false\n\teditor = vi\n";
    expect(later(changed(path, before, `${before}\tfsmonitor = /w/x\n[remote "o"]\n\turl = y\n`))).toEqual([
      [path, "+ core.fsmonitor = /w/x"],
    ]);
    const filter = '[core]\n[filter "a b"]\nclean = sh -c \\\n evil';
    expect(later(changed(path, before, filter))).toEqual([
      [path, "+ filter.a b.clean = sh -c  evil", "- core.editor = vi"],
    ]);
    expect(later(changed(path, before, `${before}# x`))).toEqual([[path]]);
  });

  it.each([
    ["[gc]\nrecentObjectsHook = evil", "gc.recentobjectshook = evil"],
    ["# \\\n[core]\nsshCommand = evil", "core.sshcommand = evil"],
    ["[diff]\ntool = ../../../evil", "diff.tool = ../../../evil"],
    ['[remote "o"]\nurl = "ext::sh -c evil"', "remote.o.url = ext::sh -c evil"],
    ['[branch "b"]\nremote = ext::evil', "branch.b.remote = ext::evil"],
    ['[lfs "customtransfer.x"]\npath = evil', "lfs.customtransfer.x.path = evil"],
  ])("finds the program in %j", (config, listed) => {
    const path = "/w/.git/config";
    expect(later(changed(path, "", config))).toEqual([[path, `+ ${listed}`]]);
  });

  it("follows core.hooksPath and includes of what the session left", () => {
    const left = [file("/w/.git/config", "[core]\nhooksPath = scripts/git\n[include]\npath = ../more")];
    const changes = [changed("/w/more", undefined, "x"), changed("/w/scripts/git/pre-push", "x", "y")];
    expect(runsLater(changes, { ...CONTEXT, left, textOf }).map(({ change }) => change.path)).toEqual([
      "/w/more",
      "/w/scripts/git/pre-push",
    ]);
  });

  it("follows what is included through other files, also in a circle", () => {
    const left = [
      file("/w/.git/config", "[include]\npath = ../git/one"),
      file("/w/git/one", "[include]\npath = two\npath = one"),
      file("/w/git/two", "[core]\nhooksPath = tools/hooks\n[include]\npath = one\npath = three"),
    ];
    const paths = ["/w/git/three", "/w/git/two", "/w/tools/hooks/pre-push"];
    const changes = [...paths, "/w/git/other"].map((path) => changed(path, "x", "y"));
    expect(runsLater(changes, { ...CONTEXT, left, textOf }).map(({ change }) => change.path)).toEqual(paths);
  });

  it("is found in time, however many places a session names and files it changes", () => {
    const includes = Array.from({ length: 20_000 }, (_, number) => `path = ../named/${number}`).join("\n");
    const left = [file("/w/.git/config", `[include]\n${includes}`)];
    const changes = Array.from({ length: 20_000 }, (_, number) => changed(`/w/src/${number}`, undefined, ""));
    const named = changed("/w/named/19999/x", undefined, "");
    const begun = performance.now();
    const found = runsLater([...changes, named], { ...CONTEXT, left, textOf });
    expect(found.map(({ change }) => change)).toEqual([named]);
    expect(performance.now() - begun).toBeLessThan(5000); // each held against each takes half a minute
  });

  it("is a package.json that is nested so deeply that nobody can compare it", () => {
    const deep = `{"scripts":{"build":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
    for (const [before, after] of [
      ["{}", deep],
      [deep, "{}"],
    ] as const)
      expect(later(changed("/w/package.json", before, after))).toEqual([["/w/package.json"]]);
  });

  it("is a package.json only where something of it is run, or nobody can tell", () => {
    const path = "/w/package.json";
    const before = '{"version":"1","scripts":{"build":"tsc"}}';
    expect(later(changed(path, before, '{"version":"2","scripts":{"build":"tsc"}}'))).toEqual([]);
    const scripts = '{"scripts":{"build":"tsc","postinstall":"x"},"dependencies":{"a":"1"}}';
    expect(later(changed(path, before, scripts))).toEqual([[path, "scripts.postinstall", "dependencies"]]);
    expect(later(changed(path, before, "{"))).toEqual([[path]]);
  });

  it("is a program with the rights of its owner, wherever it lies", () => {
    expect(later(changed("/w/a", undefined, "x", 0o4755))).toEqual([["/w/a"]]);
    expect(later(changed("/w/a", undefined, "x", 0o755))).toEqual([]);
  });
});

// Whoever writes one has it read, with everybody waiting.
it.each(["a", ".", " ", "\t"])(
  "a configuration of one line of %j takes no longer than others",
  (character) => {
    const text = `[a${character.repeat(300_000)}!`;
    const begun = performance.now();
    changedPrograms("", text);
    expect(performance.now() - begun).toBeLessThan(30_000);
  },
);
