// A world whose project is a git repository with a commit, and git in it.

import { execFileSync } from "node:child_process";
import { makeWorld, type World } from "./world.ts";

export type RepositoryWorld = World & Readonly<{ git: (...args: string[]) => string }>;

/** `files`: as for `makeWorld`; those below `project/` are committed. */
export async function makeRepository(files: Readonly<Record<string, string>> = {}): Promise<RepositoryWorld> {
  const world = await makeWorld({
    "home/.gitconfig": [
      "[user]\n\tname = A\n\temail = a@example.org",
      "[init]\n\tdefaultBranch = main",
      '[protocol "file"]\n\tallow = always',
      "[advice]\n\tdetachedHead = false\n",
    ].join("\n"),
    "project/README.md": "a project\n",
    "project/src/main.c": "int main(void) { return 0; }\n",
    ...files,
  });
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: world.project, env: world.env, encoding: "utf8", stdio: "pipe" });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "first");
  return { ...world, git };
}
