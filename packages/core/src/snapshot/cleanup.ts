// Removes sessions that are not wanted any more, and contents that no snapshot names.
//
// The lock of the store keeps snapshots from being taken meanwhile, so that a content is either named by a snapshot that
// is on the disk, or by nobody. A session that is open stays, and everything that it names.

import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { NonoError } from "../error.ts";
import { type Digest, isDigest } from "../hash/digest.ts";
import { waitForLock } from "../native/locks.ts";
import { fileName } from "../text/bytes.ts";
import { readEntries } from "./manifest.ts";
import { ObjectWriter } from "./object-writer.ts";
import type { Pack } from "./pack.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

export type CleanupOptions = Readonly<{
  /** How many of the newest sessions stay whatever else is said. */
  keep?: number | undefined;
  /** Sessions that started before this time go; milliseconds since 1970. */
  olderThan?: number | undefined;
  /** Sessions go, the oldest first, until the store is no larger; bytes. */
  size?: number | undefined;
  dryRun?: boolean | undefined;
}>;

/** `freed`: bytes of contents; of a dry run, what would be. `open`: sessions that would have gone, but are in use. */
export type Cleanup = Readonly<{ removed: readonly string[]; open: readonly string[]; freed: number }>;

/** Milliseconds that a snapshot being taken is waited for. */
const PATIENCE = 10_000;

/**
 * @throws NonoError `store-busy`; `store-damaged` and `object-missing` of a session that stays: nothing is collected while
 * it is not known what is needed
 */
export async function cleanUp(store: SnapshotStore, options: CleanupOptions): Promise<Cleanup> {
  const { layout } = store;
  const lock = await waitForLock(store.addon, layout.lock, true, PATIENCE);
  if (lock === undefined) throw new NonoError({ code: "store-busy", directory: layout.directory });
  try {
    store.objects.refresh();
    return await new Collector(store, options).collect();
  } finally {
    store.objects.refresh();
    lock.release();
  }
}

class Collector {
  private readonly store: SnapshotStore;
  private readonly options: CleanupOptions;

  constructor(store: SnapshotStore, options: CleanupOptions) {
    this.store = store;
    this.options = options;
  }

  async collect(): Promise<Cleanup> {
    const sessions = this.store.sessions();
    const sizes = new Map<Digest, number>();
    for (const pack of this.store.objects.openPacks())
      for (const { digest, stored } of pack.contents()) sizes.set(digest, stored);
    for (const { digest, size } of this.looseObjects()) sizes.set(digest, size);
    const named = new Map(sessions.map((id) => [id, attempt(() => this.namedBy(id))]));
    const doomed = this.choose(sessions, named, sizes);
    const open = doomed.filter((id) => this.store.isOpen(id));
    const removed = doomed.filter((id) => !open.includes(id));
    const needed = new Set<Digest>();
    for (const id of sessions.filter((one) => !removed.includes(one)))
      for (const digest of namedOf(named.get(id))) needed.add(digest);
    const garbage = [...sizes].filter(([digest]) => !needed.has(digest));
    const freed = garbage.reduce((sum, [, size]) => sum + size, 0);
    if (this.options.dryRun !== true) await this.remove(removed, needed);
    return { removed, open, freed };
  }

  private namedBy(id: string): Set<Digest> {
    const files = this.store.look(id);
    const named = new Set<Digest>();
    for (const snapshot of files.snapshots()) {
      for (const digest of snapshot.chunks) named.add(digest);
      for (const entry of readEntries(this.store.objects, files.snapshotFile(snapshot.number), snapshot))
        if (entry.type === "file") named.add(entry.content);
    }
    return named;
  }

  /** One that does not say it any more is as old as can be. */
  private startOf(id: string): number {
    const session = attempt(() => this.store.look(id).read());
    return "problem" in session ? 0 : session.started;
  }

  /** Oldest first. */
  private choose(
    sessions: readonly string[],
    named: ReadonlyMap<string, Named>,
    sizes: ReadonlyMap<Digest, number>,
  ): string[] {
    const { keep, olderThan, size } = this.options;
    const candidates = sessions.slice(keep ?? 0).reverse();
    if (olderThan === undefined && size === undefined) return keep === undefined ? [] : candidates;
    const old = candidates.filter((id) => this.startOf(id) < (olderThan ?? 0));
    const doomed = new Set(old);
    const sizeOfRest = () => {
      const rest = new Set(
        sessions.filter((id) => !doomed.has(id)).flatMap((id) => digestsIn(named.get(id))),
      );
      return [...rest].reduce((sum, digest) => sum + (sizes.get(digest) ?? 0), 0);
    };
    for (const id of size === undefined ? [] : candidates) {
      if (sizeOfRest() <= (size ?? 0)) break;
      doomed.add(id);
    }
    return candidates.filter((id) => doomed.has(id));
  }

  /** In an order that leaves, wherever it ends, snapshots that are whole and caches that are true. */
  private async remove(sessions: readonly string[], needed: ReadonlySet<Digest>): Promise<void> {
    const { layout } = this.store;
    rmSync(fileName(layout.caches), { recursive: true, force: true });
    for (const id of sessions) {
      const { directory } = this.store.look(id);
      const gone = `${layout.sessions}/.${id}.gone`;
      renameSync(fileName(directory), fileName(gone));
    }
    for (const name of readdirSync(fileName(layout.sessions)))
      if (name.startsWith("."))
        rmSync(fileName(`${layout.sessions}/${name}`), { recursive: true, force: true });
    for (const { digest, file } of this.looseObjects()) if (!needed.has(digest)) rmSync(fileName(file));
    await this.packAnew(needed);
    this.removeTemporaries();
  }

  /** Packs with much in them that nobody needs, or that are not deflated yet, become new ones. */
  private async packAnew(needed: ReadonlySet<Digest>): Promise<void> {
    const { objects, addon } = this.store;
    const worn = objects.openPacks().filter((pack) => isWorn(pack, needed));
    const writer = new ObjectWriter(objects, addon, true);
    try {
      for (const pack of worn)
        for (const { digest, row } of pack.contents())
          if (needed.has(digest)) writer.append(digest, pack.read(row));
      const files = worn.map((pack) => pack.file);
      const written = await writer.finish();
      for (const file of files) if (!written.includes(file)) rmSync(fileName(file), { force: true });
    } catch (error) {
      writer.abandon();
      throw error;
    }
  }

  private removeTemporaries(): void {
    const { packs, objects } = this.store.layout;
    for (const directory of [packs, objects])
      for (const name of readdirSync(fileName(directory)))
        if (name.endsWith(".tmp")) rmSync(fileName(`${directory}/${name}`));
  }

  private looseObjects(): { digest: Digest; file: string; size: number }[] {
    const { objects } = this.store.layout;
    return readdirSync(fileName(objects))
      .filter((name) => /^[0-9a-f]{2}$/.test(name))
      .flatMap((name) =>
        readdirSync(fileName(`${objects}/${name}`)).flatMap((rest) => {
          const digest = `${name}${rest}`;
          const file = `${objects}/${name}/${rest}`;
          return isDigest(digest) ? [{ digest, file, size: statSync(fileName(file)).size }] : [];
        }),
      );
  }
}

/** What a session needs, or why that cannot be told. */
type Named = Set<Digest> | Damage;
type Damage = Readonly<{ problem: NonoError }>;

function attempt<T>(read: () => T): T | Damage {
  try {
    return read();
  } catch (error) {
    if (error instanceof NonoError) return { problem: error };
    throw error;
  }
}

/** @throws NonoError of a damaged session */
function namedOf(named: Named | undefined): Iterable<Digest> {
  if (named !== undefined && "problem" in named) throw named.problem;
  return named ?? [];
}

function digestsIn(named: Named | undefined): readonly Digest[] {
  return named === undefined || "problem" in named ? [] : [...named];
}

/** A deflated pack with a share of garbage below a third stays: writing it anew would cost more than it frees. */
function isWorn(pack: Pack, needed: ReadonlySet<Digest>): boolean {
  let [plain, garbage, all] = [0, 0, 0];
  for (const content of pack.contents()) {
    all += content.stored;
    if (!needed.has(content.digest)) garbage += content.stored;
    else if (content.plain) plain += content.stored;
  }
  return garbage * 3 > all || (!pack.isDeflated && plain > 0) || all === 0;
}
