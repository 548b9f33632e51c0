// A user's surroundings for one test: a home, a project, a temporary directory of their own, and nono in the project.

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeTree, type TestTree } from "../../../core/test/support/tree.ts";

/** The compiled executable; NONO_TEST_EXECUTABLE names another one. */
export const NONO =
  process.env.NONO_TEST_EXECUTABLE ?? fileURLToPath(new URL("../../../../dist/nono", import.meta.url));

export type Outcome = Readonly<{
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}>;

export type RunOptions = Readonly<{
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  input?: string;
}>;

export type World = TestTree &
  Readonly<{
    home: string;
    project: string;
    env: Readonly<Record<string, string>>;
    /** nono with these arguments, in the project. */
    nono: (...args: string[]) => Promise<Outcome>;
    nonoWith: (options: RunOptions, ...args: string[]) => Promise<Outcome>;
    /** The same without nono: the control. */
    bare: (command: string, ...args: string[]) => Promise<Outcome>;
    /** nono that is not waited for. */
    start: (...args: string[]) => ChildProcess;
  }>;

/** `files`: contents by path below the world: `home/.ssh/id`, `project/a.txt`; `/` at the end makes a directory. */
export async function makeWorld(files: Readonly<Record<string, string>> = {}): Promise<World> {
  const tree = await makeTree({ "home/": "", "project/": "", "tmp/": "", ...files });
  const [home, project] = [tree.at("home"), tree.at("project")];
  const env = { HOME: home, TMPDIR: tree.at("tmp"), PATH: process.env.PATH ?? "", LANG: "C.UTF-8" };
  const nonoWith = (options: RunOptions, ...args: string[]) =>
    outcomeOf(NONO, args, { cwd: project, ...options, env: { ...env, ...options.env } });
  return {
    ...tree,
    home,
    project,
    env,
    nono: (...args) => nonoWith({}, ...args),
    nonoWith,
    bare: (command, ...args) => outcomeOf(command, args, { cwd: project, env }),
    start: (...args) => spawn(NONO, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] }),
  };
}

/** What a command said and how it ended. */
export function outcomeOf(
  command: string,
  args: readonly string[],
  { input, ...options }: Readonly<{ cwd: string; env: Readonly<Record<string, string>>; input?: string }>,
): Promise<Outcome> {
  const child = spawn(command, args, { ...options, stdio: "pipe" });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk) => stdout.push(chunk));
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const [out, err] = [stdout, stderr].map((chunks) => Buffer.concat(chunks).toString());
      resolve({ code, signal, stdout: out ?? "", stderr: err ?? "" });
    });
  });
}

/** Everything that sessions left in the world's temporary directory. */
export function leftBySessions(world: World): readonly string[] {
  const base = path.join(world.at("tmp"), `nono-${process.getuid?.()}`);
  return fs.existsSync(base) ? fs.readdirSync(base) : [];
}

/** Resolves when `holds` does. A test that waits for what never happens ends with its own time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
