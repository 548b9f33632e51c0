// What a check gives: the value, or everything that is wrong with it.

import { PolicyError, type PolicyProblem } from "../error.ts";

/** At least one. */
export type PolicyProblems = readonly [PolicyProblem, ...PolicyProblem[]];

export type Checked<T> = Readonly<{ value: T }> | Readonly<{ problems: PolicyProblems }>;

/** `value()`, unless there are problems. */
export function checked<T>(problems: readonly PolicyProblem[], value: () => T): Checked<T> {
  const [first, ...rest] = problems;
  return first === undefined ? { value: value() } : { problems: [first, ...rest] };
}

/** The value. @throws PolicyError for the first problem */
export function valueOrThrow<T>(result: Checked<T>): T {
  if ("value" in result) return result.value;
  throw new PolicyError(result.problems[0]);
}
