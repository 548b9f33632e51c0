// From what was used to what has to be granted: a name that was made or removed is a need of its directory or, where
// that may not be granted, of its own.

import type { CanonicalPath } from "nono-ts";
import { baseNameOf, directoryOf, isWithin } from "nono-ts/internal";
import type { Judge } from "./bounds.ts";
import type { Entry } from "./entry.ts";
import { nameBehind } from "./temporary-names.ts";
import type { Use } from "./use.ts";

export type Reason =
  /** By a group, a profile or a flag; or nono's own. */
  | "denied"
  | "temporary"
  /** Only a grant that no learned profile has would cover it. */
  | "too-wide";

export type LeftOut = Readonly<{ use: Use; why: Reason }>;

export type Needs = Readonly<{
  needs: readonly Entry[];
  /** Directories to be made before the start: they are granted, and the one around them is not. */
  creations: readonly CanonicalPath[];
  leftOut: readonly LeftOut[];
}>;

export type Exists = (path: CanonicalPath) => boolean;

/** @param exists whether there is something at a path now, after the program ended */
export function needsOf(uses: readonly Use[], judge: Judge, exists: Exists): Needs {
  const leftOut: LeftOut[] = [];
  const within = uses.filter((use) => {
    const why = outOfBounds(use, judge);
    if (why !== undefined) leftOut.push({ use, why });
    return why === undefined;
  });
  const made = madeOnTheirOwn(within, judge);
  const place = (use: Use): readonly Entry[] => {
    if (use.kind === "file") return [use];
    if (use.kind === "directory") return judge.mayGrant(use.path, use.half) ? [use] : [];
    const lies = use.of === "directory" && use.made ? use.path : parentOf(use.path);
    const around = made.find((one) => isWithin(lies, one));
    return around === undefined ? entryNeeds(use, within, judge, exists) : wholeDirectory(around);
  };
  const needs = within.flatMap((use) => {
    const placed = place(use);
    if (placed.length === 0 && !isOnTheWay(use, made)) leftOut.push({ use, why: "too-wide" });
    return placed;
  });
  return { needs: withReading(needs, judge), creations: made, leftOut };
}

function outOfBounds(use: Use, judge: Judge): Reason | undefined {
  if (judge.isDenied(use.path, use.kind === "entry" ? "write" : use.half)) return "denied";
  return judge.isTemporary(use.path) ? "temporary" : undefined;
}

type EntryUse = Extract<Use, { kind: "entry" }>;

/** Directories that were made to stay in one that may not be granted: the outermost of them. */
function madeOnTheirOwn(uses: readonly Use[], judge: Judge): readonly CanonicalPath[] {
  const removed = removedDirectories(uses);
  const made = uses.flatMap((use) => {
    if (use.kind !== "entry" || use.of !== "directory" || !use.made || removed.has(use.path)) return [];
    const may = judge.mayGrant(use.path, "read") && judge.mayGrant(use.path, "write");
    return may && !judge.mayGrant(parentOf(use.path), "write") ? [use.path] : [];
  });
  const distinct = [...new Set(made)];
  return distinct.filter((path) => !distinct.some((other) => other !== path && isWithin(path, other)));
}

function removedDirectories(uses: readonly Use[]): ReadonlySet<CanonicalPath> {
  return new Set(
    uses.flatMap((use) => (use.kind === "entry" && use.of === "directory" && !use.made ? [use.path] : [])),
  );
}

/** A directory that comes to be with one inside it that is made before the start. */
function isOnTheWay(use: Use, made: readonly CanonicalPath[]): boolean {
  if (use.kind !== "entry" || use.of !== "directory" || !use.made) return false;
  return made.some((one) => isWithin(one, use.path));
}

function wholeDirectory(path: CanonicalPath): readonly Entry[] {
  return [
    { kind: "directory", path, half: "read" },
    { kind: "directory", path, half: "write" },
  ];
}

/** None when nothing that may be granted covers it. */
function entryNeeds(use: EntryUse, uses: readonly Use[], judge: Judge, exists: Exists): readonly Entry[] {
  const file = savedBy(use, uses, exists);
  if (file !== undefined) return [{ kind: "file", path: file, half: "write" }];
  const directory = parentOf(use.path);
  if (judge.mayGrant(directory, "write")) return [{ kind: "directory", path: directory, half: "write" }];
  const stays = use.of === "directory" && !removedDirectories(uses).has(use.path);
  const names = [patternStart(use.path), use.path].filter(
    (path) => canBeginPattern(path) && !nextToDenied(path, judge),
  );
  return stays || names[0] === undefined ? [] : [{ kind: "names", path: names[0], half: "write" }];
}

/** The file whose temporary, backup or lock this is, unless that file was made by the same program. */
function savedBy(use: EntryUse, uses: readonly Use[], exists: Exists): CanonicalPath | undefined {
  const name = nameBehind(baseNameOf(use.path));
  if (name === undefined) return undefined;
  const path = childOf(parentOf(use.path), name);
  const same = uses.filter((one) => one.path === path);
  if (same.some((one) => one.kind === "entry" && one.made)) return undefined;
  return same.some((one) => one.kind === "file") || exists(path) ? path : undefined;
}

/** The name of the file that this is a temporary of, where that begins it: next time the rest is another. */
function patternStart(path: CanonicalPath): CanonicalPath {
  const name = nameBehind(baseNameOf(path));
  return name !== undefined && baseNameOf(path).startsWith(name) ? childOf(parentOf(path), name) : path;
}

/** As the form of profiles has it: three characters at least, before the first wildcard. */
function canBeginPattern(path: CanonicalPath): boolean {
  return /^[^*?\\]{3,}$/.test(baseNameOf(path));
}

/** A pattern that begins with this name would match something denied. */
function nextToDenied(path: CanonicalPath, judge: Judge): boolean {
  return judge.deniedIn(parentOf(path)).some((name) => name.startsWith(baseNameOf(path)));
}

/** What is made in a directory is read there as well, next time under another name: so reading is the directory's too. */
function withReading(needs: readonly Entry[], judge: Judge): readonly Entry[] {
  const written = needs
    .filter((one) => one.kind === "directory" && one.half === "write")
    .map((one) => one.path);
  const outermost = (path: CanonicalPath) =>
    written
      .filter((directory) => isWithin(path, directory) && judge.mayGrant(directory, "read"))
      .sort((a, b) => a.length - b.length)[0];
  const distinct = new Map<string, Entry>();
  for (const need of needs) {
    const directory = need.half === "read" ? outermost(need.path) : undefined;
    const raised: Entry =
      directory === undefined ? need : { kind: "directory", path: directory, half: "read" };
    distinct.set(`${raised.kind} ${raised.half} ${raised.path}`, raised);
  }
  return [...distinct.values()];
}

function parentOf(path: CanonicalPath): CanonicalPath {
  return directoryOf(path) as CanonicalPath;
}

function childOf(directory: CanonicalPath, name: string): CanonicalPath {
  return (directory === "/" ? `/${name}` : `${directory}/${name}`) as CanonicalPath;
}
