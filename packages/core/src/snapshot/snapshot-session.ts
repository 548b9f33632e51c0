// One session that this process holds: takes its snapshots and reads them.

import { NonoError } from "../error.ts";
import { baseNameOf } from "../files/path-names.ts";
import type { Addon } from "../native/addon.ts";
import { type Lock, waitForLock } from "../native/locks.ts";
import { type CapturedTrees, type CaptureOptions, captureTrees } from "./capture-trees.ts";
import { type ChangedDirectories, compareDirectories } from "./changed-directories.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import { decodeRow, type Entry } from "./entry.ts";
import { errnoName } from "./failure.ts";
import type { FileRecord } from "./file-record.ts";
import type { Filter } from "./filter.ts";
import { type Packed, readState, type State, writeState } from "./known-state.ts";
import { digestRow } from "./leaves.ts";
import type { Decoded, Snapshot, SnapshotKind } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { ObjectWriter } from "./object-writer.ts";
import type { SessionFiles, TrackedSession } from "./session-files.ts";
import { type CacheHint, prepareCache, readCache, type StatCache } from "./stat-cache.ts";
import { cacheFile, stateFile } from "./store-layout.ts";
import { type Budget, type Known, listingOfRoot, meterOf } from "./walk.ts";

/** Milliseconds that a cleanup is waited for. */
const PATIENCE = 30_000;

/** The kernel's clock for files may lag this many nanoseconds behind the one that is asked. */
const TICK = 20_000_000n;

/** What is there now, without a snapshot of it. */
export type Seen = Readonly<{ entries: readonly Entry[]; records: ReadonlyMap<string, FileRecord> }>;

/** What is remembered of a root, and what will have turned out to be no longer so. */
type Remembered = Readonly<{ cache: StatCache; changed: Promise<ChangedDirectories> }>;

export class SnapshotSession {
  readonly files: SessionFiles;
  readonly tracked: TrackedSession;
  readonly objects: ObjectStore;
  readonly addon: Addon;
  private readonly lock: Lock;

  constructor(addon: Addon, objects: ObjectStore, files: SessionFiles, lock: Lock) {
    this.addon = addon;
    this.objects = objects;
    this.files = files;
    this.lock = lock;
    try {
      this.tracked = files.read();
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * @param budget only for a baseline: what is over it is refused before the command starts, never after it ran
   * @throws NonoError `snapshot-budget`, `snapshot-root`, `store-busy`, `store-damaged`; the system's error for a full disk
   */
  async take(kind: SnapshotKind, budget?: Budget): Promise<Snapshot> {
    const background = kind === "checkpoint";
    return this.adding((writer) =>
      this.looking(this.tracked.filter, background, async (known, began) => {
        const same = await this.sameAsKnown(known, budget);
        if (same !== undefined) return this.number(kind, same);
        const trustBefore = this.trustBefore(kind, began);
        const trees = await this.capture(known, writer, { budget, trustBefore, background });
        const written = this.write(trees, writer);
        // While the disk is waited for; only what is in the store for certain may be remembered.
        const hints = this.prepareCaches(trees, known);
        try {
          const packed = await written;
          const snapshot = this.number(kind, packed.state);
          unlessRefused(() => this.remember(trees, hints, packed));
          return snapshot;
        } finally {
          for (const hint of hints) hint?.drop();
        }
      }),
    );
  }

  /**
   * Looks at the trees as `take` does, and keeps nothing.
   * @param background an agent runs meanwhile, whose work is not to be slowed down
   */
  async see(background = false): Promise<Seen> {
    return this.adding((writer) =>
      // The records of all are wanted, so that nothing counts as untouched as a whole.
      this.looking(undefined, background, async (known, began) => {
        const trustBefore = this.trustBefore("before-restore", began);
        const trees = await this.capture(known, writer, { budget: undefined, trustBefore, background });
        writer.abandon();
        return { entries: decodeRow(trees.row), records: trees.records };
      }),
    );
  }

  /**
   * @param filter for which caches count as whole
   * @param look is told when it began, in milliseconds since 1970: before anything was looked at
   */
  private async looking<T>(
    filter: Filter | undefined,
    background: boolean,
    look: (roots: ReadonlyMap<string, Remembered>, began: number) => Promise<T>,
  ): Promise<T> {
    const began = Date.now();
    const known = new Map<string, Remembered>();
    try {
      for (const root of this.tracked.roots) {
        const cache = readCache(this.addon, cacheFile(this.objects.layout, root), filter);
        const changed = compareDirectories(this.addon, cache.listings, cache.count, background);
        known.set(root, { cache, changed });
      }
      return await look(known, began);
    } finally {
      await Promise.allSettled(Array.from(known.values(), ({ changed }) => changed));
      for (const { cache } of known.values()) cache.close();
    }
  }

  /** The state of the last snapshot, when nothing at all has changed since. @throws NonoError `snapshot-budget`, `snapshot-root` */
  private async sameAsKnown(
    known: ReadonlyMap<string, Remembered>,
    budget: Budget | undefined,
  ): Promise<State | undefined> {
    const { layout } = this.objects;
    const caches = [...known.values()].map(({ cache }) => cache);
    if (!caches.every(({ isWhole }) => isWhole)) return undefined;
    const found = readState(
      stateFile(layout, this.tracked.roots),
      caches.map(({ digest }) => `${digest}`),
    );
    if (!found?.packs.every((name) => this.objects.hasPack(name))) return undefined;
    for (const [root, { cache, changed }] of known) {
      meterOf(root, budget)(cache.entries, cache.size);
      if ((await changed).size > 0 || !isRootAsKnown(this.addon, root, cache)) return undefined;
    }
    return found.state;
  }

  private async capture(
    remembered: ReadonlyMap<string, Remembered>,
    writer: ObjectWriter,
    options: Omit<CaptureOptions, "filter">,
  ): Promise<CapturedTrees> {
    const known = new Map<string, Known | undefined>();
    for (const [root, { cache, changed }] of remembered) {
      const { tree, isSameFilter } = cache;
      known.set(root, tree && { tree, isSameFilter, changed: await changed });
    }
    return captureTrees(this.addon, known, writer, { ...options, filter: this.tracked.filter });
  }

  private prepareCaches(
    { trees }: CapturedTrees,
    remembered: ReadonlyMap<string, Remembered>,
  ): readonly (CacheHint | undefined)[] {
    return Array.from(trees, ([root, tree]) => {
      const { cache } = remembered.get(root) as Remembered;
      const isThere = cache.isSameFilter && cache.tree?.equals(tree) === true;
      if (isThere) return { digest: `${cache.digest}`, keep: () => undefined, drop: () => undefined };
      const file = cacheFile(this.objects.layout, root);
      return unlessRefused(() => prepareCache(file, this.tracked.filter, tree));
    });
  }

  private remember(
    { trees }: CapturedTrees,
    hints: readonly (CacheHint | undefined)[],
    packed: Packed,
  ): void {
    for (const hint of hints) hint?.keep();
    if (![...trees.values()].every((tree) => tree.count > 0 && tree.isWhole(tree.all))) return;
    const digests = hints.flatMap((hint) => hint?.digest ?? []);
    if (digests.length === hints.length)
      writeState(stateFile(this.objects.layout, this.tracked.roots), digests, packed);
  }

  /** A snapshot of what nobody looked at: a state that is known because it was made. */
  async record(kind: SnapshotKind, entries: Written): Promise<Snapshot> {
    return this.adding(async (writer) => {
      const { state } = await this.write(entries, writer);
      return this.number(kind, state);
    });
  }

  /** The same state as that of another snapshot of this session, whose entries are in the store therefore. */
  recordAgain(kind: SnapshotKind, number: number): Snapshot {
    const { fileCount, entryCount, size, merkleRoot, chunks } = this.files.snapshot(number);
    return this.number(kind, { fileCount, entryCount, size, merkleRoot, uncaptured: [], chunks });
  }

  /** While an agent runs, only what it has not touched is known for sure. */
  private trustBefore(kind: SnapshotKind, began: number): bigint {
    const milliseconds = kind === "checkpoint" ? this.tracked.started : began;
    return BigInt(milliseconds) * 1_000_000n - TICK;
  }

  private async adding<T>(add: (writer: ObjectWriter) => Promise<T>): Promise<T> {
    const { layout } = this.objects;
    const lock = await waitForLock(this.addon, layout.lock, false, PATIENCE);
    if (lock === undefined) throw new NonoError({ code: "store-busy", directory: layout.directory });
    this.objects.refresh();
    const writer = new ObjectWriter(this.objects, this.addon);
    try {
      return await add(writer);
    } catch (error) {
      writer.abandon();
      throw error;
    } finally {
      lock.release();
    }
  }

  /** Puts the entries into the store. */
  private async write(
    { row, fileCount, entryCount, size, uncaptured }: Written,
    writer: ObjectWriter,
  ): Promise<Packed> {
    writer.start();
    const { merkleRoot, chunks } = await digestRow(this.addon, row);
    const packs = new Set<string>();
    for (const { bytes, digest } of chunks) {
      const pack = this.objects.packOf(digest);
      if (pack === undefined) writer.append(digest, bytes);
      else packs.add(pack);
    }
    for (const file of await writer.finish()) packs.add(baseNameOf(file));
    const digests = chunks.map(({ digest }) => digest);
    const state = { fileCount, entryCount, size, merkleRoot, uncaptured, chunks: digests };
    return { state, packs: [...packs] };
  }

  /** The next snapshot, of entries that are in the store. */
  private number(kind: SnapshotKind, state: State): Snapshot {
    const number = (this.files.numbers().at(-1) ?? -1) + 1;
    const snapshot: Snapshot = { number, kind, time: Date.now(), roots: this.tracked.roots, ...state };
    this.files.write(snapshot);
    return snapshot;
  }

  /** @throws NonoError `snapshot-unknown`, `store-damaged`, `object-missing` */
  entries(number: number, decoded?: Decoded): readonly Entry[] {
    return this.files.entries(this.objects, number, decoded);
  }

  /** Of a session that got no baseline: nothing of it is kept. */
  discard(): void {
    this.files.remove();
    this.close();
  }

  /** Lets others open it. */
  close(): void {
    this.lock.release();
  }
}

/** Without room for what there is to remember that of before stays, or none: the snapshot itself is complete. */
function unlessRefused<T>(remember: () => T): T | undefined {
  try {
    return remember();
  } catch (error) {
    if (errnoName(error) === undefined) throw error;
    return undefined;
  }
}

function isRootAsKnown(addon: Addon, root: string, cache: StatCache): boolean {
  const cursor = new DirectoryCursor(addon);
  try {
    return listingOfRoot(addon, cursor, root).equals(cache.rootListing);
  } finally {
    cursor.close();
  }
}

type Written = Pick<CapturedTrees, "row" | "fileCount" | "entryCount" | "size" | "uncaptured">;
