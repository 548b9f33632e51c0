// The smallest profile that covers what was used. Pure.
//
// 1. What is denied, temporary, or covered only by what no learned profile grants is left out, and said.
// 2. A name that was made or removed is a need of its directory; reading in such a directory as well.
// 3. Groups are preferred to paths, the one that covers most first.
// 4. A directory takes the place of what was used in it when that were at least DIRECTORY_AFTER of its entries: never a
//    protected root, home or a directory around it, one directly in `/`, or one that holds something denied.
// 5. What the rest covers goes.

import type { CanonicalPath } from "nono-ts";
import { type Bounds, type Judge, judgeBy, lineageOf } from "./bounds.ts";
import { covers, type Entry, type GroupOffer } from "./entry.ts";
import { type Exists, type LeftOut, needsOf } from "./needs.ts";
import type { Use } from "./use.ts";

/** So many used entries of one directory stand for all of it. */
const DIRECTORY_AFTER = 4;

export type Learned = Readonly<{
  /** Names, in the order of how much they cover. */
  groups: readonly string[];
  entries: readonly Entry[];
  creations: readonly CanonicalPath[];
  leftOut: readonly LeftOut[];
}>;

export type Surroundings = Readonly<{
  bounds: Bounds;
  /** Groups that are not in force. */
  groups: readonly GroupOffer[];
  exists: Exists;
}>;

export function generalise(uses: readonly Use[], { bounds, groups, exists }: Surroundings): Learned {
  const judge = judgeBy(bounds);
  const { needs, creations, leftOut } = needsOf(uses, judge, exists);
  const chosen = chooseGroups(
    needs,
    groups.filter(({ grants }) => isFit(grants, judge)),
  );
  const rest = needs.filter((need) => !isCoveredBy(need, chosen));
  const entries = [...rest, ...directoriesFor(rest, judge)].sort((a, b) => b.path.length - a.path.length);
  const kept = withoutCovered(
    [...entries.map((entry): Unit => ({ entry, grants: [entry] })), ...chosen],
    needs,
  );
  return {
    groups: kept.flatMap((unit) => ("name" in unit ? [unit.name] : [])),
    entries: kept.flatMap((unit) => ("entry" in unit ? [unit.entry] : [])),
    creations,
    leftOut,
  };
}

/** What is in the profile or not: an entry, or a group. */
type Unit = GroupOffer | Readonly<{ entry: Entry; grants: readonly Entry[] }>;

/** A group that somebody described is wide where it says so; but not around what is denied, or with all of /tmp. */
function isFit(grants: readonly Entry[], judge: Judge): boolean {
  return grants.every(({ path, half }) => !judge.isTemporary(path) && !judge.holdsDenied(path, half));
}

function chooseGroups(needs: readonly Entry[], groups: readonly GroupOffer[]): readonly GroupOffer[] {
  const chosen: GroupOffer[] = [];
  for (let left = needs; ; ) {
    const counted = groups.map((group) => ({
      group,
      left: left.filter((need) => !isCoveredBy(need, [group])),
    }));
    const best = counted.sort((a, b) => a.left.length - b.left.length)[0];
    if (best === undefined || best.left.length === left.length) return chosen;
    chosen.push(best.group);
    left = best.left;
  }
}

/** Directories of which enough was used. */
function directoriesFor(needs: readonly Entry[], judge: Judge): readonly Entry[] {
  return (["read", "write"] as const).flatMap((half) => {
    const used = new Map<CanonicalPath, Set<CanonicalPath>>();
    for (const need of needs.filter((one) => one.half === half && one.kind !== "names")) {
      const lineage = lineageOf(need.path);
      for (const [index, directory] of lineage.slice(1).entries()) {
        const entries = used.get(directory) ?? new Set();
        used.set(directory, entries.add(lineage[index] as CanonicalPath));
      }
    }
    return [...used]
      .filter(([directory, entries]) => entries.size >= DIRECTORY_AFTER && judge.mayGrant(directory, half))
      .map(([path]): Entry => ({ kind: "directory", path, half }));
  });
}

/** Each that is left covers something that no other does; those that come first go first. */
function withoutCovered(units: readonly Unit[], needs: readonly Entry[]): readonly Unit[] {
  const covering = needs.map((need) => new Set(units.filter((unit) => isCoveredBy(need, [unit]))));
  return units.filter((unit) => {
    const alone = covering.some((set) => set.size === 1 && set.has(unit));
    if (!alone) for (const set of covering) set.delete(unit);
    return alone;
  });
}

function isCoveredBy(need: Entry, units: readonly Readonly<{ grants: readonly Entry[] }>[]): boolean {
  return units.some(({ grants }) => grants.some((grant) => covers(grant, need)));
}
