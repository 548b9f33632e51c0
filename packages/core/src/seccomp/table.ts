// A filter as a table: which calls, under which condition, get which answer, and why.
// The program, its listing and the tests are all made from it.

import { type Action, allow, kill } from "./action.ts";
import type { Predicate } from "./predicate.ts";
import type { Arch } from "./program.ts";
import { RUNS, SYSCALLS, type Syscall } from "./syscalls.ts";

/** Calls that an architecture does not have are left out there. */
export type Row = Readonly<{ calls: readonly Syscall[]; when?: Predicate; answer: Action; why: string }>;

/** The first row that fits decides; a call that no row fits is allowed. Calls of another ABI are killed. */
export type FilterTable = Readonly<{
  name: string;
  arch: Arch;
  rows: readonly Row[];
  /** The answer to a number that `SYSCALLS` does not have. */
  unknown: Action;
}>;

/**
 * What happens to a call, by its number alone: an answer, or a row whose condition decides and what holds otherwise.
 * Within one table, calls that are decided alike have the very same decision.
 */
export type Decision = Action | Readonly<{ when: Predicate; answer: Action; otherwise: Decision }>;

/** `decision` holds from number `from` to that of the next range. */
export type NumberRange = Readonly<{ from: number; decision: Decision }>;

/** x32 calls carry this bit in their number (asm/unistd.h, __X32_SYSCALL_BIT) and the AUDIT_ARCH of x86_64. */
const X32_BIT = 0x4000_0000;

/** A tracer that makes a call be skipped puts -1 for its number: no x32 call, though the bit is set. */
const SKIPPED = 0xffff_ffff;

/** The decisions of `table` over all 32-bit numbers: ascending from 0, no two neighbours alike. */
export function rangesOf(table: FilterTable): readonly NumberRange[] {
  const decisions = decisionsByNumber(table);
  const decided = Uint32Array.from(decisions.keys()).sort();
  const ranges: NumberRange[] = [];
  const add = (from: number, decision: Decision) => {
    if (ranges.at(-1)?.decision !== decision) ranges.push({ from, decision });
  };
  let [next, at] = [0, 0];
  for (const [first, last] of RUNS[table.arch]) {
    if (first > next) add(next, table.unknown);
    next = first;
    for (; at < decided.length && (decided[at] as number) <= last; at++) {
      const number = decided[at] as number;
      if (number < next) continue; // in no run
      if (number > next) add(next, allow);
      add(number, decisions.get(number) as Decision);
      next = number + 1;
    }
    if (next <= last) add(next, allow);
    next = last + 1;
  }
  add(next, table.unknown);
  if (table.arch === "x86_64") {
    add(X32_BIT, kill);
    add(SKIPPED, table.unknown);
  }
  return ranges;
}

/** The decision of each call that `table` has rows for, made from the last row to the first. */
function decisionsByNumber({ arch, rows }: FilterTable): ReadonlyMap<number, Decision> {
  const numbers: Partial<Record<Syscall, number>> = SYSCALLS[arch];
  const decisions = new Map<number, Decision>();
  for (const row of rows.toReversed()) {
    const made = new Map<Decision, Decision>();
    for (const call of row.calls) {
      const number = numbers[call];
      if (number === undefined) continue;
      const otherwise = decisions.get(number) ?? allow;
      const decision = made.get(otherwise) ?? decisionOf(row, otherwise);
      made.set(otherwise, decision);
      decisions.set(number, decision);
    }
  }
  return decisions;
}

function decisionOf({ when, answer }: Row, otherwise: Decision): Decision {
  return when === undefined ? answer : { when, answer, otherwise };
}
