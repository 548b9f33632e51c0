// Which sessions have begun to keep snapshots and not come to an end: a hint that costs a start next to nothing. What is
// in the store itself decides.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { resolvePath } from "nono-ts/internal";

function directoryIn(state: string): string {
  return resolvePath(state, "unfinished");
}

/** Without room for it, the session is found by what looks into the store. @param state `$XDG_STATE_HOME/nono` */
export function noteUnfinished(state: string, session: string): void {
  try {
    mkdirSync(bytesOf(directoryIn(state)), { recursive: true, mode: 0o700 });
    writeFileSync(bytesOf(resolvePath(directoryIn(state), session)), "", { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

/** What is not there is no error. */
export function forgetUnfinished(state: string, session: string): void {
  rmSync(bytesOf(resolvePath(directoryIn(state), session)), { force: true });
}

/** Of sessions that run as well. Empty where it cannot be looked at, as from inside a sandbox. */
export function unfinishedIn(state: string): readonly string[] {
  try {
    return readdirSync(bytesOf(directoryIn(state)));
  } catch {
    return [];
  }
}
