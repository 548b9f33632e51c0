// Whether somebody else could have written a file, or put another one in its place.

import type { Stats } from "node:fs";

/** `remedy` is what to do with `object`, for people. */
export type Distrust = Readonly<{ why: string; remedy: string }>;

/**
 * Why the object is not the user's or root's alone; undefined when it is.
 *
 * @param object what it is called in the remedy
 */
export function distrustOf(stat: Stats, uid: number, object: string): Distrust | undefined {
  if (stat.uid !== uid && stat.uid !== 0)
    return { why: `belongs to user ${stat.uid}`, remedy: "it must be yours or root's" };
  if (stat.isDirectory() && (stat.mode & 0o1000) !== 0) return undefined; // sticky: others cannot replace what is in it
  if ((stat.mode & 0o002) !== 0) return { why: "can be written by everybody", remedy: `chmod o-w ${object}` };
  // A group with the number of the user is the user's own (the convention of user private groups).
  if ((stat.mode & 0o020) !== 0 && stat.gid !== uid && stat.gid !== 0)
    return { why: "can be written by a group", remedy: `chmod g-w ${object}` };
  return undefined;
}
