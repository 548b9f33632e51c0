// Single lines on standard error, and how we speak everywhere.
//
// - Standard output carries answers that were asked for, and nothing else; what we have to say goes to standard error.
// - A line of ours in the middle of somebody's output starts with `nono:`; a second one may start with `hint:`.
// - Lower case, no full stop, what is wrong first, what to do second. One line; the reader did not come for us.
// - Nothing moves, nothing is drawn over, no spinner, no emoji. Colour is never the only sign.
// - Text that somebody else chose (paths, arguments, names, messages of others) goes through show().
// - 80 columns, or fewer where the terminal is narrow.
// - Silent is silent: then the exit code tells.

import { NonoError, type Problem } from "nono-ts";
import { show } from "nono-ts/internal";
import { ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { exhaustionIn } from "./exhausted.ts";
import { bold } from "./style.ts";

type Err = Pick<Io, "stderr">;

/** What the user should know. */
export function say({ stderr }: Err, text: string): void {
  stderr.write(`nono: ${text}\n`);
}

/** What the user should know and perhaps change. */
export function warn({ stderr }: Err, text: string): void {
  stderr.write(`${bold("nono: warning:", stderr)} ${text}\n`);
}

/** Why it failed, in one line. */
export function reasonOf(error: unknown): string {
  const reason = show(error instanceof Error ? error.message : String(error));
  const option = error instanceof NonoError ? optionInstead(error.problem) : undefined;
  return option === undefined ? reason : `${reason} (${option})`;
}

/** The option for what was given to that of the other kind. */
function optionInstead(problem: Problem): string | undefined {
  if (problem.code !== "not-a-directory" && problem.code !== "not-a-file") return undefined;
  const pair = OF_DIRECTORY_AND_FILE.find((options) => options.includes(problem.option));
  return pair?.find((option) => option !== problem.option);
}

const OF_DIRECTORY_AND_FILE = ["--allow", "--read", "--write"].map((option) => [option, `${option}-file`]);

/** Says what went wrong, in one line and without a stack, and gives the exit code for it. */
export function reportError(error: unknown, io: Err): ExitCode {
  io.stderr.write(`${bold("nono:", io.stderr)} ${exhaustionIn(error) ?? reasonOf(error)}\n`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof NonoError) return EXIT_CODES_OF_LIBRARY.get(error.code) ?? ExitCode.failed;
  const own = (error as { exitCode?: unknown } | null)?.exitCode;
  return typeof own === "number" ? own : ExitCode.failed;
}

const EXIT_CODES_OF_LIBRARY: ReadonlyMap<Problem["code"], ExitCode> = new Map([
  ["command-missing", ExitCode.missing],
  ["command-unstartable", ExitCode.unstartable],
  ["command-blocked", ExitCode.unstartable],
  ["launch-failed", ExitCode.unstartable],
]);
