// How a run without an entry differs from one with it.

import type { Check } from "../check.ts";

export type Observation = Readonly<{
  checks: readonly Check[];
  /** As `refusalsIn` gives them. */
  refusals: readonly string[];
  /** Variables that nono said it withheld. */
  withheld: readonly string[];
}>;

/**
 * What fails without the entry that did not fail with it, in one line; `undefined` where nothing does, so that the
 * entry is not needed for this work.
 */
export function evidenceFor(
  withEntry: readonly Observation[],
  withoutEntry: Observation,
): string | undefined {
  const failed = withoutEntry.checks.find(({ ok }) => !ok);
  if (failed) return `fails: ${failed.title}`;
  const withheld = newIn(withEntry, withoutEntry, "withheld");
  if (withheld.length > 0) return `withheld: ${withheld.join(", ")}`;
  const [first, ...more] = newIn(withEntry, withoutEntry, "refusals");
  if (first === undefined) return undefined;
  return `refused: ${first}${more.length > 0 ? ` and ${more.length} more` : ""}`;
}

function newIn(before: readonly Observation[], after: Observation, key: "refusals" | "withheld"): string[] {
  const known = new Set(before.flatMap((observation) => observation[key]));
  return after[key].filter((one) => !known.has(one));
}
