// Which file a command is, and what the kernel opens to run it.

import { accessSync, constants, statSync } from "node:fs";
import { NonoError } from "../error.ts";
import { type CanonicalPath, canonicalize } from "../files/canonical-path.ts";
import { resolvePath } from "../files/path-names.ts";
import { fileName } from "../text/bytes.ts";
import { interpreterOf } from "./interpreter.ts";

export type FoundCommand = Readonly<{
  /** As it was asked for. */
  name: string;
  /** Absolute, links not followed: what is executed, so that programs see the name they were called by. */
  path: string;
  /** The resolved file first, then the interpreters that it needs, resolved. */
  files: readonly CanonicalPath[];
}>;

/** Interpreters of interpreters; the kernel stops at 4 (BINPRM recursion, fs/exec.c). */
const DEPTH_LIMIT = 5;

/** `path`: directories separated by colons; an empty one is the working directory. `cwd`: absolute. */
type Search = Readonly<{ path: string; cwd: string }>;

/**
 * Looks a command up as execvp(3) does, and what it needs to be executed.
 *
 * @param options relative names and directories are taken from `cwd`
 * @throws as `locateCommand`
 */
export function findCommand(name: string, options: Search): FoundCommand {
  const file = locateCommand(name, options);
  const files: CanonicalPath[] = [];
  let next: string | undefined = file;
  for (let depth = 0; next !== undefined && depth < DEPTH_LIMIT; depth++) {
    const real = resolved(next);
    // What cannot be executed is no interpreter, and nothing that is to be read.
    if (real === undefined || files.includes(real) || problemOf(real, false) !== undefined) break;
    files.push(real);
    next = interpreterOf(real, (interpreter) => tryLocate(interpreter, options));
  }
  return { name, path: file, files };
}

/**
 * The file alone, absolute, links not followed.
 *
 * @throws NonoError `command-missing`; `command-unstartable` for a directory or a file without execute permission
 */
export function locateCommand(name: string, options: Search): string {
  const candidates = candidatesOf(name, options);
  let reason: string | undefined;
  for (const candidate of candidates) {
    const problem = problemOf(candidate, !name.includes("/"));
    if (problem === undefined) return candidate;
    if (problem !== "ENOENT") reason ??= problem;
  }
  if (reason === undefined) throw new NonoError({ code: "command-missing", command: name });
  throw new NonoError({ code: "command-unstartable", command: name, reason });
}

function tryLocate(name: string, options: Search): string | undefined {
  return candidatesOf(name, options).find((candidate) => problemOf(candidate, true) === undefined);
}

function candidatesOf(name: string, { path: search, cwd }: Search): readonly string[] {
  if (name === "" || name.includes("\0")) return [];
  if (name.includes("/")) return [resolvePath(cwd, name)];
  return search.split(":").map((directory) => resolvePath(cwd, directory, name));
}

/** Why a file cannot be executed, `undefined` when it can, or `ENOENT` when there is none that could be seen. */
function problemOf(file: string, searched: boolean): string | undefined {
  try {
    const stat = statSync(fileName(file));
    if (stat.isDirectory()) return "it is a directory";
    if (!stat.isFile()) return "it is not a file";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A directory of PATH that may not be looked into holds nothing for this user.
    if (code === "ENOENT" || code === "ENOTDIR" || (code === "EACCES" && searched)) return "ENOENT";
    return code === "EACCES" ? "permission denied" : String(code);
  }
  try {
    accessSync(fileName(file), constants.X_OK);
    return undefined;
  } catch {
    return "permission denied";
  }
}

function resolved(file: string): CanonicalPath | undefined {
  try {
    return canonicalize(file);
  } catch {
    return undefined;
  }
}
