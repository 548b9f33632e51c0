// What a process does before it holds secrets.

import { loadAddon } from "../native/locate.ts";

/**
 * From now on there is no core file of this process, and no other of the same user reads its memory or its environment
 * (PR_SET_DUMPABLE). Its own files in /proc are root's: other processes of an ordinary user no longer see those that
 * proc(5) keeps for the owner.
 */
export function hideMemory(): void {
  loadAddon().hideMemory();
}
