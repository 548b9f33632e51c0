// What is read from a file that the user names, or from standard input.

import { readFileSync } from "node:fs";
import { resolvePath } from "nono-ts/internal";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";

/** @param file `-`: standard input. @throws CliError `audit-input` */
export function readInput(file: string, io: Io): string {
  try {
    return readFileSync(file === "-" ? 0 : resolvePath(io.cwd(), file), "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError({ code: "audit-input", path: file, reason }, { cause: error });
  }
}
