// How the suite ended, in numbers.

import type { Check } from "./check.ts";

export type Count = Readonly<{ passed: number; failed: number; skipped: number }>;

const NONE: Count = { passed: 0, failed: 0, skipped: 0 };

export function countOf(checks: readonly Check[]): Count {
  const passed = checks.filter(({ ok }) => ok).length;
  return { passed, failed: checks.length - passed, skipped: 0 };
}

export const failure = (number: number): Count => ({ ...NONE, failed: number });

export const skipped = (number: number): Count => ({ ...NONE, skipped: number });

export function sum(counts: readonly Count[]): Count {
  return counts.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    NONE,
  );
}

/** The line that CI reads. */
export const renderCount = (c: Count) => `${c.passed} passed, ${c.failed} failed, ${c.skipped} skipped`;
