// The table at the end, for 80 columns.

import type { Check } from "./check.ts";

export type Timing = Readonly<{ bare: readonly number[]; confined: readonly number[] }>;

/** Most that confinement may cost, as a ratio of wall-clock times. */
const GOAL = 1.1;

/** One agent's rows; a column that was not run is left empty. What failed is followed by what the agent saw. */
export function renderAgent(
  title: string,
  bare: readonly Check[],
  confined: readonly Check[] | undefined,
): string {
  const lines = [`${title.padEnd(58)} bare     confined`];
  bare.forEach((check, index) => {
    const other = confined?.[index];
    lines.push(`  ${nameOf(check).padEnd(56)} ${mark(check).padEnd(8)} ${other ? mark(other) : "-"}`);
    for (const [column, failed] of [["bare", check] as const, ["confined", other] as const])
      if (failed && !failed.ok)
        lines.push(indent(`${column}: ${failed.title}\n${failed.detail ?? "never came to it"}`));
  });
  const notes = (confined ?? []).filter(({ note }) => note !== undefined);
  return [...lines, ...notes.map((check) => `  open: ${nameOf(check)}: ${check.note}`)].join("\n");
}

/** Rows of what has no control. */
export function renderChecks(title: string, checks: readonly Check[]): string {
  const rows = checks.flatMap((check) => [
    `  ${check.title.padEnd(65)} ${mark(check)}`,
    ...(check.ok ? [] : [indent(check.detail ?? "never came to it")]),
  ]);
  return [title, ...rows].join("\n");
}

/** Median times and their ratio. The goal is said, and not held against a busy machine. */
export function renderTiming(title: string, timing: Timing): string {
  const [bare, confined] = [median(timing.bare), median(timing.confined)];
  const ratio = confined / bare;
  const verdict = ratio <= GOAL ? "within" : "above";
  return `${title}: bare ${seconds(bare)}, confined ${seconds(confined)}: ${ratio.toFixed(2)} times (${verdict} the goal of ${GOAL})`;
}

/** Middle value; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new RangeError("no values");
  return middle;
}

/** An attack's row is named without its expected end: the mark tells. */
const nameOf = (check: Check) => check.title.replace(/: (succeeds|refused|open)$/, "");

const mark = (check: Check) =>
  `${check.ok ? "" : "NOT "}${/: (succeeds|refused|open)$/.exec(check.title)?.[1] ?? "ok"}`;

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

const indent = (text: string) => text.trimEnd().replace(/^/gm, "      | ");
