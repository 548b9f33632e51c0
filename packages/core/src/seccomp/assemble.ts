// From a filter table to the program that the kernel runs.
//
// A call that is allowed whatever its arguments is answered from the architecture and the number alone, with the
// instructions that the kernel can run in advance (seccomp_is_const_allow in kernel/seccomp.c, Linux 5.11): such a
// call then never runs the filter.

import { NonoError } from "../error.ts";
import { kill } from "./action.ts";
import {
  AND,
  ARCH,
  AUDIT_ARCH,
  highHalf,
  JUMP_ANY_BIT,
  JUMP_AT_LEAST,
  JUMP_EQUAL,
  LOAD,
  lowHalf,
  MAX_INSTRUCTIONS,
  NUMBER,
} from "./bpf.ts";
import { Code, type Target } from "./code.ts";
import type { Predicate } from "./predicate.ts";
import type { Filter, Instruction } from "./program.ts";
import { type Decision, type FilterTable, type NumberRange, rangesOf } from "./table.ts";

/**
 * The program of `table`. It ends in an answer for every `struct seccomp_data`.
 *
 * @throws NonoError `plan-too-large` where the kernel would not take as many instructions
 */
export function assemble(table: FilterTable): readonly Instruction[] {
  const code = new Code();
  const dispatch = search(code, rangesOf(table), targetsIn(code));
  const native = code.step(LOAD, NUMBER, dispatch);
  code.step(LOAD, ARCH, code.branch(JUMP_EQUAL, AUDIT_ARCH[table.arch], native, kill));

  const instructions = code.instructions();
  if (instructions.length > MAX_INSTRUCTIONS) {
    const part = `seccomp filter ${table.name}`;
    throw new NonoError({ code: "plan-too-large", part, size: instructions.length, limit: MAX_INSTRUCTIONS });
  }
  return instructions;
}

/** The filter of `table`; with a `listener` its `notify` answers reach a supervisor. */
export function filterOf(table: FilterTable, listener = false): Filter {
  return { name: table.name, program: assemble(table), listener };
}

type TargetOf = (decision: Decision) => Target;

/** Gives the piece of program of a decision, which calls that are decided alike share. */
function targetsIn(code: Code): TargetOf {
  const made = new Map<Decision, Target>();
  const targetOf = (decision: Decision): Target => {
    if ("do" in decision) return decision;
    const known = made.get(decision);
    if (known !== undefined) return known;
    const target = test(code, decision.when, decision.answer, targetOf(decision.otherwise));
    made.set(decision, target);
    return target;
  };
  return targetOf;
}

/** A binary search for the number in the accumulator. */
function search(code: Code, ranges: readonly NumberRange[], targetOf: TargetOf): Target {
  const [first, second, third] = ranges as readonly [NumberRange, ...NumberRange[]];
  if (second === undefined) return targetOf(first.decision);
  if (third !== undefined && ranges.length === 3 && isOneNumberInside(first, second, third)) {
    return code.branch(JUMP_EQUAL, second.from, targetOf(second.decision), targetOf(first.decision));
  }
  const middle = ranges.length >> 1;
  const above = search(code, ranges.slice(middle), targetOf);
  const below = search(code, ranges.slice(0, middle), targetOf);
  return code.branch(JUMP_AT_LEAST, (ranges[middle] as NumberRange).from, above, below);
}

/** Whether `second` is a single number whose neighbours are decided alike. */
function isOneNumberInside(first: NumberRange, second: NumberRange, third: NumberRange): boolean {
  return third.from - second.from === 1 && first.decision === third.decision;
}

function test(code: Code, predicate: Predicate, whenTrue: Target, whenFalse: Target): Target {
  switch (predicate.test) {
    case "in": {
      const compare = predicate.values.reduceRight<Target>(
        (next, { value }) => code.branch(JUMP_EQUAL, value, whenTrue, next),
        whenFalse,
      );
      const masked =
        predicate.mask.value === 0xffff_ffff ? compare : code.step(AND, predicate.mask.value, compare);
      return code.step(LOAD, lowHalf(predicate.argument), masked);
    }
    case "any-bit": {
      const compare = code.branch(JUMP_ANY_BIT, predicate.mask.value, whenTrue, whenFalse);
      return code.step(LOAD, lowHalf(predicate.argument), compare);
    }
    case "equals-64": {
      const [low, high] = [predicate.value & 0xffff_ffffn, predicate.value >> 32n];
      const compareHigh = code.branch(JUMP_EQUAL, Number(high), whenTrue, whenFalse);
      const loadHigh = code.step(LOAD, highHalf(predicate.argument), compareHigh);
      const compareLow = code.branch(JUMP_EQUAL, Number(low), loadHigh, whenFalse);
      return code.step(LOAD, lowHalf(predicate.argument), compareLow);
    }
    case "all":
      return predicate.of.reduceRight<Target>((next, part) => test(code, part, next, whenFalse), whenTrue);
    case "any":
      return predicate.of.reduceRight<Target>((next, part) => test(code, part, whenTrue, next), whenFalse);
    case "not":
      return test(code, predicate.of, whenFalse, whenTrue);
  }
}
