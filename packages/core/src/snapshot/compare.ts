// When two entries are the same, and what differs.

import { bytesOf } from "../text/bytes.ts";
import type { Entry, FileEntry } from "./entry.ts";

/** By path. */
export type Entries = ReadonlyMap<string, Entry>;

export function byPath(entries: readonly Entry[]): Entries {
  const found = new Map<string, Entry>();
  for (const entry of entries) found.set(entry.path, entry);
  return found;
}

/** From here on the order of UTF-16 is not that of the bytes, and a text may stand for bytes that are not UTF-8. */
const SURROGATES = 0xd800;

/**
 * The order of a snapshot: by components, each by its bytes.
 * @param same so many characters, whole components, are known to be the same
 */
export function comparePaths(a: string, b: string, same = 0): number {
  const length = Math.min(a.length, b.length);
  for (let at = same; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    return left < SURROGATES && right < SURROGATES ? rank(left) - rank(right) : compareBytes(a, b);
  }
  return a.length - b.length;
}

/** In the order of a snapshot; most lists come from one, and have it. */
export function sortedByPath<T>(items: readonly T[], pathOf: (item: T) => string): readonly T[] {
  return areSorted(items, pathOf) ? items : items.toSorted((a, b) => comparePaths(pathOf(a), pathOf(b)));
}

/** Of neighbours in one directory only their names are compared. */
function areSorted<T>(items: readonly T[], pathOf: (item: T) => string): boolean {
  let [before, directory] = ["", ""];
  for (const item of items) {
    const path = pathOf(item);
    const isIn = directory !== "" && path.startsWith(directory);
    if (before !== "" && comparePaths(before, path, isIn ? directory.length : 0) >= 0) return false;
    const end = path.lastIndexOf("/") + 1;
    if (!isIn || end !== directory.length) directory = path.slice(0, end);
    before = path;
  }
  return true;
}

function compareBytes(a: string, b: string): number {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (left[at] !== right[at]) return rank(left[at]) - rank(right[at]);
  }
  return left.length - right.length;
}

/** The separator comes before every other byte. */
function rank(byte: number | undefined): number {
  return byte === 0x2f ? 0 : (byte ?? 0) + 1;
}

export function sameContent(a: FileEntry, b: FileEntry): boolean {
  return a.size === b.size && a.content === b.content && `${a.stretches}` === `${b.stretches}`;
}

/** What a name stands for, without mode, owner, times and attributes. Links between names count only when `links` says so. */
export function sameObject(a: Entry, b: Entry, links: boolean): boolean {
  if (a.type === "file" && b.type === "file")
    return sameContent(a, b) && (!links || a.linkedTo === b.linkedTo);
  if (a.type === "link" && b.type === "link") return a.target === b.target;
  return a.type === b.type;
}

/** Mode, owner, group and attributes. */
export function sameMode(a: Entry, b: Entry): boolean {
  return a.mode === b.mode && sameOwner(a, b) && sameAttributes(a, b);
}

export function sameAttributes(a: Entry, b: Entry): boolean {
  return `${a.attributes}` === `${b.attributes}`;
}

export function sameOwner(a: Entry, b: Entry): boolean {
  return a.uid === b.uid && a.gid === b.gid;
}

/** The time of a directory says only that something in it changed. */
export function sameTime(a: Entry, b: Entry): boolean {
  return a.type === "directory" || a.modified === b.modified;
}

/** All but times. */
export function sameState(a: Entry | undefined, b: Entry | undefined, links: boolean): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameObject(a, b, links) && sameMode(a, b);
}
