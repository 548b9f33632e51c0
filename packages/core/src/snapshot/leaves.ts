// Leaves of the Merkle tree one behind the other, each led by its length: in this form they are hashed, stored in chunks,
// and remembered from one time to the next, so that what is untouched need not be taken apart.

import { type Digest, hex } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";

/** What stands before each leaf: its length, 32 bits. */
export const HEAD = 4;

/** One leaf in the form of a row. */
export function rowOf(leaf: Buffer): Buffer {
  const row = Buffer.allocUnsafe(HEAD + leaf.length);
  row.writeUInt32LE(leaf.length, 0);
  leaf.copy(row, HEAD);
  return row;
}

const ROOT = 32;
const CHUNK = 36;

/** A piece of a row, and its digest. */
export type Chunk = Readonly<{ bytes: Buffer; digest: Digest }>;

/**
 * A row cut into chunks. Where one ends depends on the leaf before, not on where it stands, so that nearly the same
 * trees share nearly all chunks.
 *
 * @throws NativeFailure EINVAL for what is no row
 */
export async function digestRow(
  addon: Pick<Addon, "digestRow">,
  row: Buffer,
): Promise<Readonly<{ merkleRoot: Digest; chunks: readonly Chunk[] }>> {
  const told = await addon.digestRow(row);
  const chunks: Chunk[] = [];
  for (let at = ROOT, start = 0; at < told.length; at += CHUNK) {
    const end = told.readUInt32LE(at);
    chunks.push({ bytes: row.subarray(start, end), digest: hex(told.subarray(at + 4, at + CHUNK)) });
    start = end;
  }
  return { merkleRoot: hex(told.subarray(0, ROOT)), chunks };
}
