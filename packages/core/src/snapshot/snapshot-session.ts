// One session that this process holds: takes its snapshots and reads them.

import { NonoError } from "../error.ts";
import { hex } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { type Lock, waitForLock } from "../native/locks.ts";
import { type CapturedTrees, captureTrees } from "./capture-trees.ts";
import { decodeEntry, type Entry } from "./entry.ts";
import { errnoName } from "./failure.ts";
import type { FileRecord } from "./file-record.ts";
import { chunksOf, leavesOf } from "./leaves.ts";
import type { Decoded, Snapshot, SnapshotKind } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { ObjectWriter } from "./object-writer.ts";
import type { SessionFiles, TrackedSession } from "./session-files.ts";
import { readCache, type StatCache, writeCache } from "./stat-cache.ts";
import { cacheFile } from "./store-layout.ts";
import type { Budget } from "./walk.ts";

/** Milliseconds that a cleanup is waited for. */
const PATIENCE = 30_000;

/** The kernel's clock for files may lag this many nanoseconds behind the one that is asked. */
const TICK = 20_000_000n;

/** What is there now, without a snapshot of it. */
export type Seen = Readonly<{ entries: readonly Entry[]; records: ReadonlyMap<string, FileRecord> }>;

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
    return this.adding(async (writer) => {
      const remembered = (root: string) =>
        readCache(cacheFile(this.objects.layout, root), this.tracked.filter);
      const trees = await this.capture(kind, budget, writer, remembered);
      const snapshot = await this.write(kind, trees, writer);
      this.remember(trees);
      return snapshot;
    });
  }

  /**
   * Looks at the trees as `take` does, and keeps nothing.
   * @param background an agent runs meanwhile, whose work is not to be slowed down
   */
  async see(background = false): Promise<Seen> {
    return this.adding(async (writer) => {
      // The records of all are wanted, so that nothing counts as untouched as a whole.
      const eachApart = (root: string) => readCache(cacheFile(this.objects.layout, root), undefined);
      const trees = await this.capture("before-restore", undefined, writer, eachApart, background);
      writer.abandon();
      return { entries: Array.from(leavesOf(trees.row), decodeEntry), records: trees.records };
    });
  }

  private capture(
    kind: SnapshotKind,
    budget: Budget | undefined,
    writer: ObjectWriter,
    caches: (root: string) => StatCache,
    background = kind === "checkpoint",
  ): Promise<CapturedTrees> {
    const { roots, filter } = this.tracked;
    const options = {
      filter,
      budget,
      trustBefore: this.trustBefore(kind),
      background,
    };
    return captureTrees(this.addon, roots, caches, writer, options);
  }

  /** Without room for the new cache the old one stays, which is as true as before: the snapshot itself is complete. */
  private remember({ caches }: CapturedTrees): void {
    try {
      for (const [root, directories] of caches)
        writeCache(cacheFile(this.objects.layout, root), this.tracked.filter, directories);
    } catch (error) {
      if (errnoName(error) === undefined) throw error;
    }
  }

  /** A snapshot of what nobody looked at: a state that is known because it was made. */
  async record(kind: SnapshotKind, row: Buffer, counts: Pick<CapturedTrees, Counted>): Promise<Snapshot> {
    return this.adding((writer) => this.write(kind, { ...counts, row }, writer));
  }

  /** The same state as that of another snapshot of this session, whose entries are in the store therefore. */
  recordAgain(kind: SnapshotKind, number: number): Snapshot {
    const { fileCount, entryCount, size, merkleRoot, chunks } = this.files.snapshot(number);
    return this.number(kind, { fileCount, entryCount, size, merkleRoot, uncaptured: [], chunks });
  }

  /** While an agent runs, only what it has not touched is known for sure. */
  private trustBefore(kind: SnapshotKind): bigint {
    const milliseconds = kind === "checkpoint" ? this.tracked.started : Date.now();
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

  private async write(
    kind: SnapshotKind,
    trees: Pick<CapturedTrees, "row" | Counted>,
    writer: ObjectWriter,
  ): Promise<Snapshot> {
    const hashes = this.addon.hashLeaves(trees.row);
    const chunks = Array.from(chunksOf(trees.row, hashes), (chunk) => writer.add(chunk));
    await writer.finish();
    return this.number(kind, {
      fileCount: trees.fileCount,
      entryCount: hashes.length / 32,
      size: trees.size,
      merkleRoot: hex(this.addon.merkleRoot(hashes)),
      uncaptured: trees.uncaptured,
      chunks,
    });
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

/** What a snapshot says of the entries. */
type State = Omit<Snapshot, "number" | "kind" | "time" | "roots">;
type Counted = "fileCount" | "size" | "uncaptured";
