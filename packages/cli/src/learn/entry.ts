// The entries that a profile is made of here, and what each covers.

import type { CanonicalPath } from "nono-ts";
import { baseNameOf, directoryOf, isWithin } from "nono-ts/internal";
import type { Half } from "./use.ts";

/**
 * `directory`: with all below it. `file`: that one, and the names by which it is saved. `names`: what begins with that
 * name in its directory, so that it can be made; both halves at once.
 */
export type Entry = Readonly<{ kind: "directory" | "file" | "names"; path: CanonicalPath; half: Half }>;

/** A group of the policy that could be included, by what it grants. */
export type GroupOffer = Readonly<{ name: string; grants: readonly Entry[] }>;

/** Whether who has `entry` has what `need` says. */
export function covers(entry: Entry, need: Entry): boolean {
  switch (entry.kind) {
    case "directory":
      // A name is made in the directory around it, not in itself.
      if (need.kind === "names" && need.path === entry.path) return false;
      return entry.half === need.half && isWithin(need.path, entry.path);
    case "file":
      return entry.half === need.half && need.kind === "file" && need.path === entry.path;
    case "names":
      return (
        need.kind !== "directory" &&
        directoryOf(need.path) === directoryOf(entry.path) &&
        baseNameOf(need.path).startsWith(baseNameOf(entry.path))
      );
  }
}
