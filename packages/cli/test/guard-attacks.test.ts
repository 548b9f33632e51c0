// Everything that would let a confined program run something outside later, each with its control: with --no-guard it
// works.

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeRepository, type RepositoryWorld } from "./support/repository.ts";

type Attack = Readonly<{
  title: string;
  /** For sh, in the project. */
  script: string;
  /** Whether it succeeded. */
  planted: (world: RepositoryWorld) => boolean;
  /** Before the session. */
  before?: (world: RepositoryWorld) => void;
}>;

const text = (world: RepositoryWorld, file: string): string => {
  try {
    return fs.readFileSync(path.join(world.project, file), "utf8");
  } catch {
    return "";
  }
};

/** The file, as a program outside would find it, holds the word. */
const holds = (file: string) => (world: RepositoryWorld) => text(world, file).includes("evil");

const DEEP = Array.from({ length: 20 }, (_, index) => `d${index}`).join("/");

function makeModule(project: string, name: string): void {
  const directory = path.join(project, ".git/modules", name);
  for (const inside of ["objects", "refs", "hooks"])
    fs.mkdirSync(path.join(directory, inside), { recursive: true });
  for (const file of ["HEAD", "config"]) fs.writeFileSync(path.join(directory, file), "");
}

function withHook({ project }: RepositoryWorld): void {
  fs.writeFileSync(path.join(project, ".git/hooks/pre-commit"), "true\n", { mode: 0o755 });
}

const writing = (file: string) => ({
  script: `mkdir -p ${path.dirname(file)}; echo evil > ${file}`,
  planted: holds(file),
});

const ATTACKS: readonly Attack[] = [
  {
    title: "creates a hook",
    script: "echo evil > .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "renames a file to a hook",
    script: "echo evil > src/x; mv src/x .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "links a file to a hook",
    script: "echo evil > src/x; ln src/x .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "puts a symlink in the place of a hook",
    script: "echo evil > src/x; ln -s ../../src/x .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "writes into a hook that is there",
    before: ({ project }) =>
      fs.writeFileSync(path.join(project, ".git/hooks/pre-push"), "true\n", { mode: 0o755 }),
    script: "echo evil >> .git/hooks/pre-push",
    planted: holds(".git/hooks/pre-push"),
  },
  {
    title: "moves the hooks away and makes a directory of its own",
    script: "mv .git/hooks src/old; mkdir .git/hooks; echo evil > .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "moves the repository away and makes one of its own",
    script: "mv .git .git2; mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit",
    planted: holds(".git/hooks/pre-commit"),
  },
  {
    title: "moves the repository away and puts a link in its place",
    script: "cp -r .git src/own; echo evil > src/own/config; mv .git src/old; ln -s src/own .git",
    planted: holds(".git/config"),
  },
  {
    title: "removes what is in the repository, to make it anew",
    script:
      "find .git -depth -delete; mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit; echo evil > .git/config",
    planted: (world) => holds(".git/hooks/pre-commit")(world) || holds(".git/config")(world),
  },
  {
    title: "writes a hook of a submodule that lies too deep to be looked for",
    before: ({ project }) => makeModule(project, DEEP),
    script: `echo evil > .git/modules/${DEEP}/hooks/pre-commit`,
    planted: holds(`.git/modules/${DEEP}/hooks/pre-commit`),
  },
  {
    title: "writes a hook of a submodule behind thousands of directories",
    before: ({ project }) => {
      makeModule(project, "z");
      for (let index = 0; index < 4000; index++)
        fs.mkdirSync(path.join(project, `.git/modules/${String(index).padStart(4, "0")}`));
    },
    script: "echo evil > .git/modules/z/hooks/pre-commit",
    planted: holds(".git/modules/z/hooks/pre-commit"),
  },
  {
    title: "sets core.hooksPath",
    script: "git config core.hooksPath evil",
    planted: holds(".git/config"),
  },
  { title: "sets core.fsmonitor", script: "git config core.fsmonitor evil", planted: holds(".git/config") },
  {
    title: "sets them in the configuration of the worktree",
    script: "git config -f .git/config.worktree core.fsmonitor evil",
    planted: holds(".git/config.worktree"),
  },
  {
    title: "renames a configuration over git's",
    script: "echo evil > .git/mine; mv .git/mine .git/config",
    planted: holds(".git/config"),
  },
  {
    title: "links the configuration to a name that may be written",
    script:
      "ln .git/config .git/mine && echo evil >> .git/mine; ln .git/config src/mine && echo evil >> src/mine",
    planted: holds(".git/config"),
  },
  {
    title: "writes through a descriptor that was opened for reading",
    script: "exec 3<.git/config; echo evil >> /proc/self/fd/3; echo evil >> /dev/fd/3",
    planted: holds(".git/config"),
  },
  {
    title: "writes through a symlink",
    script: "ln -s .git/config link; echo evil >> link; ln -s ../.git src/g; echo evil >> src/g/config",
    planted: holds(".git/config"),
  },
  {
    title: "truncates the configuration",
    script: "truncate -s 0 .git/config",
    planted: (world) => text(world, ".git/config") === "",
  },
  {
    title: "points the repository to another common directory",
    script: "cp -r .git src/own; echo evil > src/own/config; echo ../src/own > .git/commondir",
    planted: (world) => fs.existsSync(path.join(world.project, ".git/commondir")),
  },
  {
    title: "assigns filters to all files",
    script: "echo '* filter=evil' > .git/info/attributes",
    planted: holds(".git/info/attributes"),
  },
  {
    title: "replaces the directory of the attributes by a link",
    script: "mkdir src/own; echo evil > src/own/attributes; mv .git/info src/old; ln -s ../src/own .git/info",
    planted: holds(".git/info/attributes"),
  },
  {
    title: "writes settings of an agent whose directory does not exist",
    script: "mkdir -p .claude; echo evil > .claude/settings.json",
    planted: holds(".claude/settings.json"),
  },
  {
    title: "puts a symlink in the place of that directory",
    script: "mkdir src/own; echo evil > src/own/settings.json; ln -s src/own .claude",
    planted: holds(".claude/settings.json"),
  },
  {
    title: "renames a directory to it",
    script: "mkdir src/own; echo evil > src/own/settings.json; mv src/own .claude",
    planted: holds(".claude/settings.json"),
  },
  {
    title: "makes it in a new directory and moves the file",
    script: "mkdir new .claude; echo evil > new/x; mv new/x .claude/settings.json",
    planted: holds(".claude/settings.json"),
  },
  {
    title: "adds tasks of an editor",
    script: "mkdir .vscode && echo evil > .vscode/tasks.json",
    planted: holds(".vscode/tasks.json"),
  },
  { title: "adds a server", script: "echo evil > .mcp.json", planted: holds(".mcp.json") },
  {
    title: "changes what editors of a part of the project run",
    before: ({ project }) => {
      fs.mkdirSync(path.join(project, "packages/a/.vscode"), { recursive: true });
      fs.writeFileSync(path.join(project, "packages/a/.vscode/tasks.json"), "{}");
    },
    script: "echo evil > packages/a/.vscode/tasks.json",
    planted: holds("packages/a/.vscode/tasks.json"),
  },
  {
    title: "plants a hook in a second repository, further below",
    before: ({ git }) => void git("init", "-q", "packages/inner"),
    script: "echo evil > packages/inner/.git/hooks/pre-commit",
    planted: holds("packages/inner/.git/hooks/pre-commit"),
  },
  {
    title: "renames the directory around a second repository",
    before: ({ git }) => void git("init", "-q", "packages/inner"),
    script:
      "mv packages/inner packages/old; mkdir -p packages/inner/.git/hooks; echo evil > packages/inner/.git/hooks/x",
    planted: holds("packages/inner/.git/hooks/x"),
  },
  {
    title: "plants a hook in a repository without a work tree",
    before: ({ git }) => void git("init", "-q", "--bare", "mirror.git"),
    script: "echo evil > mirror.git/hooks/post-receive",
    planted: holds("mirror.git/hooks/post-receive"),
  },
  {
    title: "points a worktree to another repository",
    before: ({ git }) => void git("worktree", "add", "-q", "side"),
    script: "cp -r .git src/own; echo 'gitdir: ../src/own # evil' > side/.git",
    planted: holds("side/.git"),
  },
  {
    title: "points a worktree's git directory to another common directory",
    before: ({ git }) => void git("worktree", "add", "-q", "side"),
    script: "echo /tmp/evil > .git/worktrees/side/commondir",
    planted: holds(".git/worktrees/side/commondir"),
  },
  {
    title: "removes a worktree's pointer and makes a directory of its own",
    before: ({ git }) => void git("worktree", "add", "-q", "side"),
    script: "unlink side/.git; mkdir -p side/.git; echo evil > side/.git/config",
    planted: holds("side/.git/config"),
  },
  {
    title: "changes the hooks that core.hooksPath names",
    before({ git, project }) {
      git("config", "core.hooksPath", "tools/hooks");
      fs.mkdirSync(path.join(project, "tools/hooks"), { recursive: true });
    },
    script: "echo evil > tools/hooks/pre-commit",
    planted: holds("tools/hooks/pre-commit"),
  },
  {
    title: "changes the script that a hook is a link to",
    before({ project }) {
      fs.writeFileSync(path.join(project, "src/check"), "true\n");
      fs.symlinkSync("../../src/check", path.join(project, ".git/hooks/pre-commit"));
    },
    script: "echo evil > src/check",
    planted: holds("src/check"),
  },
  {
    title: "changes a configuration that git's includes",
    before({ git, project }) {
      git("config", "include.path", "../.gitconfig");
      fs.writeFileSync(path.join(project, ".gitconfig"), "");
    },
    script: "echo evil > .gitconfig",
    planted: holds(".gitconfig"),
  },
  {
    title: "changes what the installed hooks run",
    before: withHook,
    script: "echo evil > .pre-commit-config.yaml",
    planted: holds(".pre-commit-config.yaml"),
  },
  ...[
    "lefthook-local.toml",
    ".lefthook.json",
    ".config/lefthook-local.jsonc",
    ".lefthook/x",
    "prek.toml",
  ].map((file) => ({
    title: `adds to what the installed hooks run: ${file}`,
    before: withHook,
    ...writing(file),
  })),
  // Tried with Mercurial 7.2, mise 2026.9 and pi 0.73: each runs what stands there, without another question.
  ...[
    ...[".hg/hgrc-not-shared", ".hg/sharedpath"],
    ...[
      "mise/config.toml",
      ".config/mise.toml",
      ".config/mise/conf.d/x.toml",
      ".tool-versions",
      ".miserc.toml",
    ],
    ".pi/extensions/x.ts",
  ].map((file) => ({ title: `adds what a tool runs by itself: ${file}`, ...writing(file) })),
];

/** The commands that an attack uses are there. */
const ALLOWED = ["chmod", "truncate", "rm"].flatMap((name) => ["--allow-command", name]);

describe("under the guard nothing that runs later", () => {
  it.each(ATTACKS)("$title", async ({ script, planted, before }) => {
    for (const [option, works] of [
      ["--guard", false],
      ["--no-guard", true],
    ] as const) {
      await using world = await makeRepository();
      before?.(world);
      await world.nono("-s", "run", option, "--allow-cwd", ...ALLOWED, "--", "sh", "-c", script);
      expect(planted(world), option).toBe(works);
    }
  });

  const python = "/usr/bin/python3";
  itWhere(fs.existsSync(python), "python3")("exchanges two names", async () => {
    const exchange = [
      "import ctypes, os",
      "libc = ctypes.CDLL(None)",
      "for a, b in [('src/own', '.git/hooks'), ('src/file', '.git/config'), ('src/whole', '.git')]:",
      "    libc.renameat2(-100, a.encode(), -100, b.encode(), 2)",
    ].join("\n");
    const script =
      'mkdir -p src/own src/whole; echo evil > src/own/x; echo evil > src/file; exec python3 -c "$0"';
    for (const [option, works] of [
      ["--guard", false],
      ["--no-guard", true],
    ] as const) {
      await using world = await makeRepository();
      const before = fs.statSync(path.join(world.project, ".git")).ino;
      await world.nono(
        "-s",
        "run",
        option,
        "--allow-cwd",
        "--read",
        "/usr",
        "--",
        "sh",
        "-c",
        script,
        exchange,
      );
      expect(fs.statSync(path.join(world.project, ".git")).ino !== before, option).toBe(works);
      if (!works) expect(fs.readdirSync(path.join(world.project, ".git/hooks"))).not.toContain("x");
      if (!works) expect(text(world, ".git/config")).not.toContain("evil");
    }
  });
});
