// Work in slices: what else this process has to do, such as answering for the agent, gets its turn in between.

import { setImmediate } from "node:timers/promises";

/** Milliseconds without a pause. */
const SLICE = 10;

/** A function to be called often, and awaited when it gives something; it costs next to nothing while a slice lasts. */
export function breather(): () => Promise<void> | undefined {
  let until = performance.now() + SLICE;
  return () => {
    if (performance.now() < until) return undefined;
    return setImmediate().then(() => {
      until = performance.now() + SLICE;
    });
  };
}
