// A git note with the checkpoints. An agent may have written the repository: its configuration, hooks and links are git's to
// follow, so git itself runs in a sandbox, where it can write that repository and nothing else.

import { existsSync, lstatSync } from "node:fs";
import { bytesOf, CapabilitySet, spawn, textOf } from "nono-ts";
import { canonicalize, directoryOf, findCommand, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";

const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/nix/store"];

/**
 * What git is to leave (git-config(1), git(1)): hooks are looked for where there are none, and nothing is fetched. It knows
 * no configuration of the person's, so whose repository it is decides nothing.
 */
const SETTINGS = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "safe.directory": "*",
};
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "nono",
  GIT_AUTHOR_EMAIL: "nono@localhost",
  GIT_COMMITTER_NAME: "nono",
  GIT_COMMITTER_EMAIL: "nono@localhost",
};

/**
 * Appends to the note `nono-audit` of the latest commit.
 *
 * @param directory absolute; of the repository, or below it
 * @param search PATH; what is not absolute in it is passed over
 * @throws CliError `audit-unanchored`; NonoError where there can be no sandbox, or no git
 */
export async function appendNote(directory: string, text: string, search: string): Promise<void> {
  const repository = repositoryOf(directory);
  const absolute = search.split(":").filter((one) => one.startsWith("/"));
  const { path: git, files } = findCommand("git", { path: absolute.join(":"), cwd: "/" });
  const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const notes = ["notes", "--ref=nono-audit", "append", "-F", "-", "HEAD"];
  const child = spawn(git, [`--git-dir=${repository}`, ...settings, ...notes], {
    capabilities: confinement(repository, files),
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
  });
  const failure = await new Promise<string | undefined>((resolve, reject) => {
    let said = Buffer.alloc(0);
    child.stderr?.on("data", (bytes: Buffer) => {
      said = Buffer.concat([said, bytes]).subarray(-COMPLAINT_LIMIT);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const line = textOf(said).trim().split("\n").at(-1);
      resolve(code === 0 ? undefined : (signal ?? (line || `exit code ${code}`)));
    });
    child.stdin?.on("error", () => undefined); // git that has ended tells why by itself
    child.stdin?.end(text);
  });
  if (failure !== undefined) throw new CliError({ code: "audit-unanchored", to: directory, reason: failure });
}

/** Bytes. */
const COMPLAINT_LIMIT = 4096;

function confinement(repository: string, git: readonly string[]): CapabilitySet {
  const set = new CapabilitySet().blockNetwork().setEnvironment({ ...ENVIRONMENT, PATH: "/usr/bin:/bin" });
  for (const directory of SYSTEM.filter((one) => existsSync(one))) set.allowPath(directory, "read");
  for (const file of git) set.allowFile(file, "read");
  set.allowFile("/dev/null", "read+write").allowFile("/dev/urandom", "read");
  return set.allowPath(repository, "read+write");
}

/** Its own directory, and none that a file or a link in it names. @throws CliError `audit-unanchored` */
function repositoryOf(directory: string): string {
  const refuse = (reason: string, cause?: unknown) =>
    new CliError({ code: "audit-unanchored", to: directory, reason }, { cause });
  try {
    const start = canonicalize(directory);
    for (let top: string = start; ; top = directoryOf(top)) {
      const inner = lstatSync(bytesOf(resolvePath(top, ".git")), { throwIfNoEntry: false });
      if (inner?.isDirectory()) return resolvePath(top, ".git");
      if (inner !== undefined)
        throw refuse(`${resolvePath(top, ".git")} leads elsewhere: name the repository that it leads to`);
      if (top === "/") break;
    }
    // One without a work tree.
    if (existsSync(bytesOf(resolvePath(start, "HEAD")))) return start;
    throw refuse("it is no git repository");
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw refuse(String((error as NodeJS.ErrnoException).code), error);
  }
}
