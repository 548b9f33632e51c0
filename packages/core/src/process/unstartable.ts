// Commands that cannot be started, told as Node tells it: no process id, `error` and then `close`, neither `spawn` nor `exit`.

import { type ChildProcess, spawn as nodeSpawn, type SpawnOptions } from "node:child_process";
import os from "node:os";
import { locateCommand } from "../command/find-command.ts";
import { missingScriptInterpreterOf } from "../command/interpreter.ts";
import { NonoError } from "../error.ts";
import { isAboutTheCommand, type Report } from "./status.ts";

/** What nobody can execute, for either reason: no file can be made in /proc, and a directory is no program. */
const NEVER_EXECUTED = { ENOENT: "/proc/nonexistent", EACCES: "/" } as const;

/** Why a command cannot be started. */
export type Unstartable = keyof typeof NEVER_EXECUTED;

export type FileToExecute =
  | Readonly<{ path: string }>
  | Readonly<{ path?: undefined; unstartable: Unstartable }>;

/** The file to execute for `command`, or why there is none. */
export function fileToExecute(
  command: string,
  search: Readonly<{ path: string; cwd: string }>,
): FileToExecute {
  try {
    return { path: locateCommand(command, search) };
  } catch (error) {
    if (!(error instanceof NonoError)) throw error;
    return { unstartable: error.code === "command-missing" ? "ENOENT" : "EACCES" };
  }
}

/** For a start that cannot wait for what the kernel says: none where it is a script whose interpreter is not there. */
export function unlessUninterpreted(file: FileToExecute): FileToExecute {
  if (file.path === undefined || missingScriptInterpreterOf(file.path) === undefined) return file;
  return { unstartable: "ENOENT" };
}

/** Why the command could not be executed, where the launcher got as far as that, and Node tells it as an event. */
export function unstartableBy(report: Report | undefined): Unstartable | undefined {
  if (report?.kind !== "failed" || !isAboutTheCommand(report)) return undefined;
  return (["ENOENT", "EACCES"] as const).find((name) => os.constants.errno[name] === report.errno);
}

/** Node's own child of a start that fails for that reason; what it tells of the command is for the caller to set. */
export function unstartedChild(reason: Unstartable, options: SpawnOptions): ChildProcess {
  const child = nodeSpawn(NEVER_EXECUTED[reason], [], { ...options, env: {} });
  const emit = child.emit.bind(child) as (event: string, ...told: unknown[]) => boolean;
  child.emit = (event: string, ...told: unknown[]) => {
    const code = event === "error" ? (told[0] as NodeJS.ErrnoException).code : undefined;
    if (code !== "ENOENT" && code !== "EACCES") return emit(event, ...told);
    return emit(event, unstartableError(code, child)); // Bun's own names another file
  };
  // Until it has told of it, Node would signal a number that it was never given: another process, or with 0 all of ours.
  child.kill = () => false;
  return child;
}

/** The error that Node gives a child whose command cannot be started. */
export function unstartableError(reason: Unstartable, child: ChildProcess): Error {
  const syscall = `spawn ${child.spawnfile}`;
  return Object.assign(new Error(`${syscall} ${reason}`), {
    errno: -os.constants.errno[reason],
    code: reason,
    syscall,
    path: child.spawnfile,
    spawnargs: child.spawnargs.slice(1),
  });
}
