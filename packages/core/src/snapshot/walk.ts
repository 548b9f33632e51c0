// A walk over one tracked root: every name that the filter captures, in the order of a snapshot, without following a
// link and without reading a file. What is below a directory in which nothing changed is not walked again.
//
// The order is by components, each by its bytes: a directory, then all below it.

import { closeSync, constants } from "node:fs";
import { NonoError } from "../error.ts";
import { baseNameOf, directoryOf } from "../files/path-names.ts";
import type { Addon } from "../native/addon.ts";
import { bytesOf, textOf } from "../text/bytes.ts";
import { GrowingDirectory, type KnownEntry, leafOf } from "./cached-directory.ts";
import type { ChangedDirectories, Listed, Match, Matching } from "./changed-directories.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import { errnoName, reasonOf } from "./failure.ts";
import { type FileRecord, inodeOf, nameAt, nextAt, readRecord } from "./file-record.ts";
import type { Judge, Verdict } from "./filter.ts";
import type { KnownTree, Span } from "./known-tree.ts";

/** One name that was found. `problem`: why a directory could not be listed. `isEntered`: it was gone into. */
export type Item = Readonly<{
  path: string;
  within: GrowingDirectory;
  name: Buffer;
  record: FileRecord;
  /** What it was the last time, when it is untouched since. */
  known: Buffer | undefined;
  /** In the listing of the directory that it is in. */
  index: number;
}> & { problem?: string; isEntered: boolean };

/** In the order of the walk: where nothing changed they are those that are known. */
export type Walked = Readonly<{ items: readonly Item[]; directories: readonly (GrowingDirectory | Span)[] }>;

/** What is remembered of the root, and what of it is no longer so. */
export type Known = Readonly<{ tree: KnownTree; isSameFilter: boolean; changed: ChangedDirectories }>;

/** @throws NonoError `snapshot-budget` */
export type Meter = (entries: number, bytes: number) => void;

/** At most so many names and bytes; nothing is stored before all of them are counted. */
export type Budget = Readonly<{ entries: number; bytes: number }>;

export function meterOf(root: string, budget: Budget | undefined): Meter {
  let [entries, bytes] = [0, 0];
  return (moreEntries, moreBytes) => {
    entries += moreEntries;
    bytes += moreBytes;
    if (budget === undefined) return;
    if (entries > budget.entries)
      throw new NonoError({
        code: "snapshot-budget",
        path: root,
        what: "entries",
        found: entries,
        limit: budget.entries,
      });
    if (bytes > budget.bytes)
      throw new NonoError({
        code: "snapshot-budget",
        path: root,
        what: "bytes",
        found: bytes,
        limit: budget.bytes,
      });
  };
}

export class Walker {
  private readonly addon: Addon;
  private readonly root: string;
  private readonly judge: Judge;
  private readonly known: Known | undefined;
  /** Places of directories that are to be looked at name by name, in their order. */
  private readonly open: readonly number[];
  private readonly meter: Meter;
  private readonly offer: (item: Item) => void;
  private readonly breathe: () => Promise<void> | undefined;
  private readonly items: Item[] = [];
  private readonly directories: (GrowingDirectory | Span)[] = [];
  private readonly cursor: DirectoryCursor;
  private depth = 0;

  constructor(
    addon: Addon,
    root: string,
    judge: Judge,
    known: Known | undefined,
    meter: Meter,
    offer: (item: Item) => void,
    breathe: () => Promise<void> | undefined,
  ) {
    this.addon = addon;
    this.root = root;
    this.judge = judge;
    this.known = known;
    this.open = known === undefined ? [] : openDirectories(known);
    this.meter = meter;
    this.offer = offer;
    this.breathe = breathe;
    this.cursor = new DirectoryCursor(addon);
  }

  /** Of a root that is not there: nothing. @throws NonoError `snapshot-budget`; the system's error above the root */
  async walk(): Promise<Walked> {
    try {
      const listing = listingOfRoot(this.addon, this.cursor, this.root);
      const above = new GrowingDirectory(undefined, directoryOf(this.root), listing);
      const isSame = this.known?.tree.directory(0).listing.equals(listing) === true;
      const matching = (index: number) => ({ known: index, isSame });
      if (listing.length > 0) await this.visitEach(above, "captured", this.known && { at: 0, matching });
      return { items: this.items, directories: this.directories };
    } finally {
      this.cursor.close();
    }
  }

  private async visitEach(
    directory: GrowingDirectory,
    verdict: Verdict,
    known: KnownDirectory | undefined,
  ): Promise<void> {
    this.directories.push(directory);
    const { listing } = directory;
    const entries = this.entriesOf(known);
    for (let [at, number] = [0, 0]; at < listing.length; at = nextAt(listing, at), number++) {
      const record = readRecord(listing, at);
      const match = known?.matching(number) ?? NO_MATCH;
      const entry = match.known === undefined ? undefined : entries[match.known];
      if (entry !== undefined && match.isSame && this.isKept(entry, record)) {
        directory.keep(entry, record);
        this.measure(record);
        continue;
      }
      const index = directory.next();
      const name = nameAt(listing, at);
      const path = pathIn(directory.path, name);
      const own = this.verdictOn(path, record.kind === "directory", verdict);
      if (own === "excluded") continue;
      const leaf = entry !== undefined && match.isSame ? leafOf(entry) : undefined;
      const item: Item = { path, within: directory, name, record, known: leaf, index, isEntered: false };
      this.items.push(item);
      this.offer(item);
      this.measure(record);
      if (record.kind === "directory") await this.descend(item, own, entry?.directory);
    }
    const pause = this.breathe();
    if (pause !== undefined) await pause;
  }

  /** `directory`: its place, and not which one it is of those in there. */
  private entriesOf(known: KnownDirectory | undefined): readonly KnownEntry[] {
    if (known === undefined) return [];
    const { tree } = this.known as Known;
    const places = tree.directoriesIn(known.at);
    const entries = tree.directory(known.at).knownEntries();
    if (places.length === 0) return entries;
    return entries.map((entry) =>
      entry.directory === undefined ? entry : { ...entry, directory: places[entry.directory] },
    );
  }

  /** Whether nothing of it has to be looked at. Another name may be of the same file. */
  private isKept({ start, end }: KnownEntry, { kind, links }: FileRecord): boolean {
    return this.known?.isSameFilter === true && end > start && kind !== "directory" && links === 1;
  }

  private measure({ kind, size }: FileRecord): void {
    this.meter(1, kind === "file" ? size : 0);
  }

  private verdictOn(path: string, isDirectory: boolean, parent: Verdict): Verdict {
    if (path === this.root) return parent;
    return this.judge(path.slice(this.root.length + 1), isDirectory, parent);
  }

  private async descend(item: Item, verdict: Verdict, at: number | undefined): Promise<void> {
    if (this.depth >= DEEPEST) {
      item.problem = "nested too deep";
      return;
    }
    this.depth += 1;
    await this.enter(item, verdict, at);
    this.depth -= 1;
  }

  private async enter(item: Item, verdict: Verdict, at: number | undefined): Promise<void> {
    if (at !== undefined && this.isAsKnown(item, at)) {
      item.isEntered = true;
      await this.visitKnown(item.path, verdict, at);
      return;
    }
    let listed: Listed;
    try {
      listed = (at === undefined ? undefined : this.known?.changed.get(at)) ?? this.list(item);
    } catch (error) {
      this.lose(item, error);
      return;
    }
    if (inodeOf(listed.record) !== inodeOf(item.record)) {
      item.problem = REPLACED;
      return;
    }
    item.isEntered = true;
    await this.visitListed(item.path, listed, verdict, at);
  }

  private async visitListed(
    path: string,
    { record, listing, matching }: Listed,
    verdict: Verdict,
    at: number | undefined,
  ): Promise<void> {
    const directory = new GrowingDirectory(record.bytes, path, listing);
    await this.visitEach(directory, verdict, at === undefined ? undefined : { at, matching });
  }

  private isAsKnown({ record }: Item, at: number): boolean {
    const { tree, changed } = this.known as Known;
    return !changed.has(at) && tree.directory(at).inode.equals(record.inode);
  }

  /** A directory with the listing that it had. */
  private async visitKnown(path: string, verdict: Verdict, at: number): Promise<void> {
    const { tree } = this.known as Known;
    const { to } = tree.span(at);
    const open = this.openWithin(at);
    if (this.nextOpen(at) === at || !open.every((each) => this.canBeEntered(each))) {
      const { identity, listing } = tree.directory(at);
      await this.visitEach(new GrowingDirectory(identity, path, listing), verdict, {
        at,
        matching: AS_KNOWN,
      });
      return;
    }
    let from = at;
    this.depth += 1;
    for (const each of open) {
      this.keep({ from, to: each });
      from = tree.span(each).to;
      await this.visitWithin(verdict, each);
    }
    this.depth -= 1;
    this.keep({ from, to });
  }

  /** A directory in one that is kept as it is. */
  private async visitWithin(parent: Verdict, at: number): Promise<void> {
    const { tree, changed } = this.known as Known;
    const { path } = tree.directory(at);
    const verdict = this.verdictOn(path, true, parent);
    const listed = changed.get(at);
    if (listed === undefined) await this.visitKnown(path, verdict, at);
    else await this.visitListed(path, listed, verdict, at);
  }

  /** The directories in one that are to be looked at, or have one that is. */
  private openWithin(at: number): readonly number[] {
    const { tree } = this.known as Known;
    const { to } = tree.span(at);
    const within: number[] = [];
    for (let each = at + 1, open = this.nextOpen(each); open < to; open = this.nextOpen(each)) {
      let next = tree.span(each).to;
      for (; next <= open; next = tree.span(each).to) each = next;
      within.push(each);
      each = next;
    }
    return within;
  }

  /** Whether what was told of it is of the very directory that is known. */
  private canBeEntered(at: number): boolean {
    const { tree, changed } = this.known as Known;
    if (!changed.has(at)) return true;
    return changed.get(at)?.record.inode.equals(tree.directory(at).inode) === true;
  }

  private keep(span: Span): void {
    if (span.from === span.to) return;
    const { entries, size } = (this.known as Known).tree.counts(span);
    this.meter(entries, size);
    const last = this.directories.at(-1);
    if (last === undefined || !("from" in last) || last.to !== span.from) this.directories.push(span);
    else this.directories[this.directories.length - 1] = { from: last.from, to: span.to };
  }

  /** The first directory from there on that is to be looked at name by name. */
  private nextOpen(from: number): number {
    let [low, high] = [0, this.open.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.open[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return this.open[low] ?? Number.POSITIVE_INFINITY;
  }

  private list({ within, name }: Item): Listed {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY;
    const descriptor = this.addon.openFile(this.cursor.at(within.path), name, flags, 0);
    try {
      const record = readRecord(this.addon.describeFile(descriptor, NOTHING) as Buffer);
      return { record, listing: this.addon.listDirectory(descriptor), matching: () => NO_MATCH };
    } finally {
      closeSync(descriptor);
    }
  }

  private lose(item: Item, error: unknown): void {
    const name = errnoName(error);
    if (name === "ENOENT") this.items.pop();
    else item.problem = name === "ELOOP" || name === "ENOTDIR" ? REPLACED : reasonOf(error);
  }
}

/** A directory at its place among those known, and which of its entries are which of another listing. */
type KnownDirectory = Readonly<{ at: number; matching: Matching }>;

const NO_MATCH: Match = { known: undefined, isSame: false };
const AS_KNOWN: Matching = (index) => ({ known: index, isSame: true });

function openDirectories({ tree, isSameFilter, changed }: Known): readonly number[] {
  if (isSameFilter && tree.isWhole(tree.all)) return [...changed.keys()];
  const places = Array.from({ length: tree.count }, (_, at) => at);
  return places.filter((at) => !isSameFilter || changed.has(at) || !tree.isWhole({ from: at, to: at + 1 }));
}

const NOTHING = new Uint8Array(0);

function pathIn(directory: string, name: Buffer): string {
  return `${directory === "/" ? "" : directory}/${textOf(name)}`;
}

/** Directories within another that are gone into. Each is held open, and an agent could make more than may be open. */
const DEEPEST = 500;

/** A directory that became something else between its listing and its opening. */
const REPLACED = "replaced while it was looked at";

/** As a listing with nothing else in it; empty when it is not there. @throws NonoError `snapshot-root` */
export function listingOfRoot(addon: Addon, cursor: DirectoryCursor, root: string): Buffer {
  const parent = parentDescriptor(cursor, root);
  const name = bytesOf(baseNameOf(root));
  const record = parent === undefined ? null : addon.describeFile(parent, name);
  if (record === null) return Buffer.alloc(0);
  record.writeUInt32LE(name.length, 56);
  return Buffer.concat([record, name]);
}

/** Undefined when there is no such directory. @throws NonoError `snapshot-root` */
function parentDescriptor(cursor: DirectoryCursor, root: string): number | undefined {
  if (root === "/") throw new NonoError({ code: "snapshot-root", path: root, reason: "it is everything" });
  try {
    return cursor.at(directoryOf(root));
  } catch (error) {
    const name = errnoName(error);
    if (name === "ENOENT") return undefined;
    if (name === "ELOOP" || name === "ENOTDIR")
      throw new NonoError(
        { code: "snapshot-root", path: root, reason: "a link lies on the way to it" },
        { cause: error },
      );
    throw error;
  }
}
