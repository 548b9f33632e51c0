// A command's own file may be read without a grant; what lies around it may not. Where to find what it will miss.

import { existsSync } from "node:fs";
import { bytesOf, type Plan, queryPath } from "nono-ts";
import { baseNameOf, directoryOf, type FoundCommand, resolvePath } from "nono-ts/internal";

/** The directory with a program's further files, when the plan does not let it read them. */
export function unreadableProgramDirectory(found: FoundCommand, plan: Plan): string | undefined {
  const directory = programDirectory(found);
  if (directory === undefined) return undefined;
  return queryPath(plan, { path: directory, access: "read" }).status === "denied" ? directory : undefined;
}

/**
 * `node_modules` around it; the directory around `bin` when a `lib` is there too; for a script the one it lies in. An
 * executable of its own needs none.
 */
function programDirectory({ files: [file, interpreter] }: FoundCommand): string | undefined {
  if (file === undefined) return undefined;
  const modules = /^(.*?\/node_modules)\//.exec(file)?.[1];
  if (modules !== undefined) return modules;
  const directory = directoryOf(file);
  const prefix = directoryOf(directory);
  if (baseNameOf(directory) === "bin" && existsSync(bytesOf(resolvePath(prefix, "lib")))) return prefix;
  return interpreter === undefined || isLoader(interpreter) ? undefined : directory;
}

/** ld.so(8): the interpreter of every dynamically linked executable. */
function isLoader(interpreter: string): boolean {
  return /^ld(?:-|\.|64)/.test(baseNameOf(interpreter));
}
