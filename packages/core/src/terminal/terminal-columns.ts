// How wide a terminal is, for whoever only writes to it.

import { loadAddon } from "../native/locate.ts";

/** @returns undefined where the descriptor is no terminal, or one that does not know */
export function terminalColumns(descriptor: number): number | undefined {
  try {
    return loadAddon().terminalSize(descriptor).columns || undefined;
  } catch {
    return undefined; // text can be written without knowing
  }
}
