// The offer at the end of a run: which of the refused things a profile of the user's is to grant.

import { show } from "nono-ts/internal";
import type { Savable } from "../report/savable.ts";
import { titleOf } from "./report.ts";

/** As many as fit above the question. */
const OFFERED = 20;

/** Those that are numbered in the offer. */
export function offered(savable: readonly Savable[]): readonly Savable[] {
  return savable.slice(0, OFFERED);
}

/** @param held how many are not offered, because of a secret in them */
export function renderOffer(savable: readonly Savable[], profile: string, held: number): string {
  const all = offered(savable);
  const width = String(all.length).length;
  const lines = all.map(
    ({ denial }, index) => `  ${String(index + 1).padStart(width)}  ${titleOf(denial.subject)}`,
  );
  if (savable.length > all.length)
    lines.push(`  and ${savable.length - all.length} more, which the next run offers`);
  if (held > 0) lines.push(`  and not ${held} more, in which there is, or seems to be, a secret`);
  return [`nono: a profile of yours, ${show(profile)}, could grant`, ...lines, ""].join("\n");
}

export const WHICH = "nono: which? numbers, `all`, or Enter for none: ";
export const CONFIRM = "nono: write this? [y/N] ";

/** Positions from 0; empty: none, also for whatever is not understood. */
export function chosen(answer: string | null, count: number): readonly number[] {
  const text = answer?.trim() ?? "";
  if (text === "all") return Array.from({ length: count }, (_, index) => index);
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const numbers = words.map((word) => (/^[1-9][0-9]{0,2}$/.test(word) ? Number(word) : 0));
  const known = numbers.every((number) => number >= 1 && number <= count);
  return known ? [...new Set(numbers)].map((number) => number - 1) : [];
}

export function isYes(answer: string | null): boolean {
  return answer === "y" || answer === "Y" || answer === "yes";
}

/** A title in the first line, and what is new below it. */
export function renderEdit([file = "", ...additions]: readonly string[]): string {
  return [`nono: ${file}`, ...additions.map((line) => `  ${line}`), ""].join("\n");
}
