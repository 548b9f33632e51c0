// argv to an invocation. Pure; never throws: what is wrong is part of the result, so that --silent before or behind
// it still counts.
//
// Written for these tables because the start counts: commander 14 takes 5 ms of a compiled executable that starts in
// 3, parseArgs of node:util 1.4, this 0.1.

import type { CliProblem } from "../error.ts";
import { type Entry, isGroup, optionsOf } from "./command.ts";
import { TOP } from "./common-options.ts";
import type { Values } from "./option.ts";
import { type Scan, scan } from "./scan.ts";
import { valuesOf } from "./values.ts";

export type Invocation = Values<typeof TOP> &
  Readonly<{
    /** What was named; undefined: nothing. */
    entry: Entry | undefined;
    /** The names on the way to it, as typed: `nono profile show`. */
    trail: string;
    /** Values by option name, of every option that the command has. */
    flags: Readonly<Record<string, unknown>>;
    operands: readonly string[];
    /** The first thing that is wrong. */
    problem: CliProblem | undefined;
  }>;

export function parse(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  entries: readonly Entry[],
): Invocation {
  const seen = scan(argv, entries);
  const problems = [...seen.problems];
  const report = (problem: CliProblem) => void problems.push(problem);
  const own = seen.entry === undefined || isGroup(seen.entry) ? {} : optionsOf(seen.entry);
  const top = valuesOf(TOP, seen.given, env, report) as Values<typeof TOP>;
  const flags = valuesOf(own, seen.given, env, report);
  checkOperands(seen, report);
  return {
    ...top,
    entry: seen.entry,
    trail: seen.trail,
    flags,
    operands: seen.operands,
    problem: problems[0],
  };
}

function checkOperands(seen: Scan, report: (problem: CliProblem) => void): void {
  if (seen.entry === undefined || isGroup(seen.entry)) {
    const [stray] = seen.operands;
    if (stray !== undefined) report({ code: "operand-unexpected", command: seen.trail, operand: stray });
    return;
  }
  const { min, max, usage } = seen.entry.operands;
  const extra = seen.operands[max];
  if (seen.operands.length < min) report({ code: "operand-missing", command: seen.trail, usage });
  if (extra !== undefined) report({ code: "operand-unexpected", command: seen.trail, operand: extra });
}
