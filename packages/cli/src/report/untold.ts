// Refusals that are only counted: no event could be made, or kept, of each.

import type { Counts } from "nono-ts";

/** In JSON as `--diagnostics-json` writes it. */
export type Untold = Readonly<
  Record<"waiting" | "descriptors" | "threads" | "unreadable" | "beyond" | "events", number>
>;

/** @param beyond requests about more things than are kept apart */
export function untoldOf(counts: Pick<Counts, "refused" | "untold"> | undefined, beyond: number): Untold {
  const { parked = 0, descriptors = 0, threads = 0, unreadable = 0 } = counts?.refused ?? {};
  return { waiting: parked, descriptors, threads, unreadable, beyond, events: counts?.untold ?? 0 };
}

const WHY: Readonly<Record<keyof Untold, string>> = {
  waiting: "refused because too many waited for an answer",
  descriptors: "refused because nono had no descriptor left: ulimit -n raises how many it may have",
  threads: "refused because every thread of nono was busy on behalf of the program",
  unreadable: "refused because nono may not look into the process",
  beyond: "refused, about more things than can be kept apart",
  events: "of what was told are not in this report: they came faster than they could be taken",
};

/** One sentence for each reason that there was. */
export function sentencesOf(untold: Untold): readonly string[] {
  return (Object.keys(WHY) as (keyof Untold)[])
    .filter((reason) => untold[reason] > 0)
    .map((reason) => `${untold[reason]} further ${WHY[reason]}`);
}
