// A snapshot on the disk: a small JSON file that names chunks of entries, which are contents of the store like others.

import { NonoError } from "../error.ts";
import { readRegular } from "../files/regular-file.ts";
import { type Digest, hex, isDigest } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import { decodeRow, type Entry } from "./entry.ts";
import type { ObjectStore } from "./object-store.ts";
import { seal, unseal } from "./sealed.ts";

/**
 * `recovered`: a final state taken by somebody else, after the supervisor was killed. `before-restore`: what a restore
 * found. `restored`: what it left; not looked at but put together from what is known, so that changes of the person that
 * the restore left alone stay theirs.
 */
export type SnapshotKind = "baseline" | "checkpoint" | "final" | "recovered" | "before-restore" | "restored";

/** What could not be captured, and why. */
export type Uncaptured = Readonly<{ path: string; reason: string }>;

export type Snapshot = Readonly<{
  number: number;
  kind: SnapshotKind;
  /** Milliseconds since 1970. */
  time: number;
  /** Absolute paths, sorted. */
  roots: readonly string[];
  /** Regular files. */
  fileCount: number;
  entryCount: number;
  /** Of all regular files, in bytes. */
  size: number;
  merkleRoot: Digest;
  uncaptured: readonly Uncaptured[];
  chunks: readonly Digest[];
}>;

/** Of the list, and of the entries in its chunks. 2: with owners. */
const FORM = 2;

export function encodeSnapshot(snapshot: Snapshot): string {
  return seal({ version: FORM, ...snapshot });
}

/** @throws NonoError `store-damaged` */
export function readSnapshot(file: string, number: number): Snapshot {
  try {
    const { version, ...snapshot } = unseal(readRegular(file)) as Snapshot & { version: number };
    const digests = [snapshot.merkleRoot, ...snapshot.chunks];
    if (version !== FORM) throw damaged(file, `it has form ${version}, and this nono knows form ${FORM}`);
    if (snapshot.number !== number || !digests.every(isDigest)) throw new TypeError("not a snapshot");
    return snapshot;
  } catch (error) {
    if (error instanceof NonoError) throw error;
    throw new NonoError(
      { code: "store-damaged", file, reason: "it is no list of a snapshot" },
      { cause: error },
    );
  }
}

/** Entries of the chunks that were read already: what two snapshots share is taken apart once, and is the same then. */
export type Decoded = Map<Digest, readonly Entry[]>;

/**
 * The entries, in their order, after the root over them was computed again.
 * @throws NonoError `store-damaged`, `object-missing`
 */
export function readEntries(
  store: ObjectStore,
  file: string,
  snapshot: Snapshot,
  decoded: Decoded = new Map(),
): readonly Entry[] {
  const chunks = snapshot.chunks.map((digest) => store.read(digest));
  if (rootOf(loadAddon(), Buffer.concat(chunks), file) !== snapshot.merkleRoot)
    throw damaged(file, "its root is not that of its entries");
  const entries: Entry[] = [];
  for (const [index, digest] of snapshot.chunks.entries()) {
    const own = decoded.get(digest) ?? decodeChunk(chunks[index] as Buffer, file);
    decoded.set(digest, own);
    for (const entry of own) entries.push(entry);
  }
  if (!isCountedRight(snapshot, entries)) throw damaged(file, "it does not count its entries right");
  return entries;
}

function isCountedRight(snapshot: Snapshot, entries: readonly Entry[]): boolean {
  let [files, size] = [0, 0];
  for (const entry of entries) {
    if (entry.type !== "file") continue;
    files += 1;
    size += entry.size;
  }
  return files === snapshot.fileCount && size === snapshot.size && entries.length === snapshot.entryCount;
}

function rootOf(addon: Addon, row: Buffer, file: string): Digest {
  try {
    return hex(addon.merkleRoot(addon.hashLeaves(row)));
  } catch (error) {
    throw damaged(file, "it names a content that is no list of entries", error);
  }
}

function decodeChunk(chunk: Buffer, file: string): readonly Entry[] {
  try {
    return decodeRow(chunk);
  } catch (error) {
    throw damaged(file, "it has an entry that cannot be read", error);
  }
}

function damaged(file: string, reason: string, cause?: unknown): NonoError {
  return new NonoError({ code: "store-damaged", file, reason }, { cause });
}
