// What a snapshot was of trees that are remembered as a whole. While nothing in them changes the next one is the same, and
// neither their entries nor their chunks have to be put together again. A hint like the caches that it belongs to.

import { readRegular } from "../files/regular-file.ts";
import { isDigest } from "../hash/digest.ts";
import type { Snapshot } from "./manifest.ts";
import { seal, unseal } from "./sealed.ts";
import { prepareHint } from "./stat-cache.ts";

/** What a snapshot says of its entries. */
export type State = Omit<Snapshot, "number" | "kind" | "time" | "roots">;

/** A state, and the names of the packs that have its chunks. */
export type Packed = Readonly<{ state: State; packs: readonly string[] }>;

/** `caches`: digests of what is remembered of each root. */
type Known = State & Readonly<{ version: number; caches: readonly string[]; packs: readonly string[] }>;

/** Undefined for one that belongs to other caches. */
export function readState(file: string, caches: readonly string[]): Packed | undefined {
  try {
    const { version, caches: of, packs, ...state } = unseal(readRegular(file)) as Known;
    const isIt =
      version === 2 && of.join() === caches.join() && state.chunks.every(isDigest) && packs.every(isPackName);
    return isIt ? { state, packs } : undefined;
  } catch {
    return undefined;
  }
}

function isPackName(name: string): boolean {
  return name.endsWith(".pack") && isDigest(name.slice(0, -".pack".length));
}

/** @throws the file system's own error */
export function writeState(file: string, caches: readonly string[], { state, packs }: Packed): void {
  const { fileCount, entryCount, size, merkleRoot, uncaptured, chunks } = state;
  const known: Known = {
    version: 2,
    caches,
    packs,
    fileCount,
    entryCount,
    size,
    merkleRoot,
    uncaptured,
    chunks,
  };
  const hint = prepareHint(file, [Buffer.from(seal(known))]);
  try {
    hint.keep();
  } finally {
    hint.drop();
  }
}
