// What ordinary work does under the guard: all of it, as without, and nothing is refused on the way.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { isInstalled } from "./support/installed.ts";
import { makeRepository, type RepositoryWorld } from "./support/repository.ts";
import type { Outcome } from "./support/world.ts";

/** In the project, in one shell that ends with the first failure. Whatever is refused is in the report. */
function work(world: RepositoryWorld, script: string, ...grants: string[]): Promise<Outcome> {
  const options = ["--profile", "node-dev", "--guard", "--allow-cwd", ...grants];
  return world.nono("run", ...options, "--", "sh", "-ec", `export GIT_EDITOR=true\n${script}\necho done`);
}

function expectWorked({ stdout, stderr, code }: Outcome): void {
  expect(stderr).not.toContain("nono: refused");
  expect({ code, last: stdout.trimEnd().split("\n").at(-1), stderr }).toMatchObject({
    code: 0,
    last: "done",
  });
}

/** Names in the project and in git's directory, without those that git makes for its own. */
function namesIn(world: RepositoryWorld): readonly string[] {
  const listed = execFileSync("find", [".", "-not", "-path", "./.git/objects/*"], {
    cwd: world.project,
    encoding: "utf8",
  });
  return listed.trim().split("\n");
}

const GIT: readonly (readonly [title: string, script: string])[] = [
  [
    "commits, amends, tags, branches and switches",
    `echo 1 > a; git add a; git commit -qm a; git commit -q --amend -m b; git tag v1; git tag -a v2 -m two
     git switch -qc topic; echo 2 > a; git commit -qam c; git switch -q main; git branch copy topic; git checkout -q topic
     git checkout -q main -- a; git restore --staged a; git checkout -q .; git switch -q main`,
  ],
  [
    "stashes and takes it back",
    "echo 1 >> README.md; git stash -q; git stash pop -q; git stash -q; git stash drop -q",
  ],
  [
    "merges, also with a conflict, and rebases",
    `git switch -qc left; echo l > a; git add a; git commit -qm l; git switch -q main; git switch -qc right
     echo r > a; git add a; git commit -qm r; git merge left || { echo m > a; git add a; git commit -qm m; }
     git switch -qc third main; echo t > t; git add t; git commit -qm t; git rebase -q right
     git rebase -q -i --exec true HEAD~1
     git switch -qc fourth main; echo f > a; git add a; git commit -qm f
     git cherry-pick left || { git checkout -q --theirs a; git add a; git cherry-pick --continue; }
     git reset -q --hard HEAD~1; git revert --no-edit HEAD; git bisect start HEAD main; git bisect reset`,
  ],
  [
    "adds and removes a worktree",
    `git worktree add -q side; echo s > side/s; git -C side add s; git -C side commit -qm s
     git worktree add -q nested/deep -b deep; git worktree list; git worktree remove side; git worktree remove --force nested/deep
     git worktree prune`,
  ],
  [
    "collects garbage, packs and checks",
    "echo 1 > a; git add a; git commit -qm a; git gc -q; git repack -qad; git pack-refs --all; git prune; git fsck",
  ],
  [
    "cleans and moves files",
    "echo 1 > a; mkdir d; git mv README.md d/R; git commit -qm mv; git clean -qfd; git rm -q d/R; git commit -qm rm",
  ],
  [
    "makes a repository of its own",
    `mkdir new; cd new; git init -q; git config user.name other; echo 1 > a; git add a; git commit -qm a
     echo true > .git/hooks/pre-commit; cd ..; git init -q --bare store.git; git -C new remote add o ../store.git
     git -C new push -q -u o main; git clone -q store.git clone; git -C clone config core.fsmonitor false`,
  ],
];

describe("under the guard", () => {
  it.each(GIT)("git %s", async (_title, script) => {
    await using world = await makeRepository();
    expectWorked(await work(world, script));
    expect(world.git("status", "--porcelain", "--untracked-files=no")).toBe("");
  });

  it("git fetches, pulls and pushes, to a remote that is there", async () => {
    await using world = await makeRepository({ "remote/": "" });
    world.git("clone", "-q", "--bare", ".", world.at("remote/r.git"));
    world.git("remote", "add", "origin", world.at("remote/r.git"));
    world.git("fetch", "-q");
    world.git("branch", "-q", "-u", "origin/main");
    const script = `git fetch -q; git pull -q; echo 1 > a; git add a; git commit -qm a; git push -q
      git switch -q --no-track -c topic origin/main; git fetch -q --all --prune`;
    expectWorked(await work(world, script, "--allow", world.at("remote")));
    expect(world.git("rev-parse", "main")).toBe(
      world.git("--git-dir", world.at("remote/r.git"), "rev-parse", "main"),
    );
  });

  it("git updates submodules that are there", async () => {
    await using world = await makeRepository({ "other/": "" });
    world.git("clone", "-q", ".", world.at("other/lib"));
    world.git("submodule", "--quiet", "add", world.at("other/lib"), "lib");
    world.git("commit", "-qm", "lib");
    const script = `echo 1 > lib/x; git -C lib add x; git -C lib commit -qm x; git submodule --quiet update
      git submodule --quiet foreach git status; git -C lib fetch -q; git add lib; git submodule --quiet update --remote`;
    expectWorked(await work(world, script, "--read", world.at("other")));
  });

  it("git removes a worktree that was there before, with what is guarded in it", async () => {
    await using world = await makeRepository({ "project/.vscode/settings.json": "{}" });
    world.git("worktree", "add", "-q", "side");
    expectWorked(await work(world, "git worktree remove side; git branch --list"));
    expect(fs.existsSync(path.join(world.project, "side"))).toBe(false);
    expect(fs.readdirSync(path.join(world.project, ".git"))).not.toContain("worktrees");
  });

  it("git says why it cannot, and the report names the reason, where it would run something", async () => {
    await using world = await makeRepository();
    const outcome = await world.nono(
      "run",
      "--guard",
      "--allow-cwd",
      "--",
      "git",
      "remote",
      "add",
      "o",
      "/nowhere",
    );
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toContain("could not write config file .git/config: Permission denied");
    const report = outcome.stderr.replaceAll(/\s+/g, " ");
    expect(report).toContain(`write ${world.project}/.git/config because group:run_later guards`);
    expect(report).toContain("git runs programs that it names");
    const again = ["--bypass-protection", `${world.project}/.git/config`];
    expect(
      await world.nono(
        "run",
        "--guard",
        "--allow-cwd",
        ...again,
        "--",
        "git",
        "remote",
        "add",
        "o",
        "/nowhere",
      ),
    ).toMatchObject({ code: 0 });
  });

  it("leaves no placeholder behind", async () => {
    await using world = await makeRepository();
    const before = namesIn(world);
    expectWorked(await work(world, "git status > /dev/null; mkdir x; rmdir x"));
    await work(world, "git config a.b c || true; mkdir .vscode || true; echo > .envrc || true");
    expect(namesIn(world)).toEqual(before);
  });

  itWhere(isInstalled("npm"), "npm")("npm installs into a fresh directory", async () => {
    await using world = await makeRepository({
      "project/dep/package.json": '{ "name": "dep", "version": "1.0.0", "bin": "cli.js" }',
      "project/dep/cli.js": "#!/usr/bin/env node\nconsole.log('ran')\n",
      "project/package.json":
        '{ "name": "app", "version": "1.0.0", "dependencies": { "dep": "file:dep.tgz" } }',
    });
    const script = `(cd dep && npm pack --silent > /dev/null && mv dep-1.0.0.tgz ../dep.tgz)
      npm install --silent --no-audit --no-fund; npm ci --silent --no-audit --no-fund; npx --no-install dep`;
    const outcome = await work(world, script);
    expectWorked(outcome);
    expect(outcome.stdout).toContain("ran");
  });

  itWhere(isInstalled("vim"), "vim")(
    "vim saves a file of the project's first level, by every way of keeping a backup",
    async () => {
      await using world = await makeRepository();
      const save = (copy: string) =>
        `vim -u NONE -i NONE -N -es -c 'set backup backupcopy=${copy}' -c 'normal oa line of ${copy}' -c wq README.md`;
      expectWorked(await work(world, `${save("no")}; ${save("yes")}; ${save("auto")}`));
      expect(fs.readFileSync(path.join(world.project, "README.md"), "utf8")).toMatch(/of auto\n|of no\n/);
    },
  );
});
