// Leaves of the Merkle tree one behind the other, each led by its length: in this form they are hashed, stored in chunks,
// and remembered from one time to the next, so that what is untouched need not be taken apart.

/** What stands before each leaf: its length, 32 bits. */
export const HEAD = 4;

/** One leaf in the form of a row. */
export function rowOf(leaf: Buffer): Buffer {
  const row = Buffer.allocUnsafe(HEAD + leaf.length);
  row.writeUInt32LE(leaf.length, 0);
  leaf.copy(row, HEAD);
  return row;
}

/** Bytes after which a chunk ends at the latest, and the share of leaves that end one. */
const CHUNK_BYTES = 256 << 10;
const CHUNK_LEAVES = 16;

/**
 * A row cut into chunks. Where one ends depends on the leaf before, not on where it stands, so that nearly the same
 * trees share nearly all chunks.
 *
 * @param hashes of the leaves, 32 bytes each
 */
export function* chunksOf(row: Buffer, hashes: Buffer): Generator<Buffer> {
  let start = 0;
  for (let at = 0, hash = 0; at < row.length; hash += 32) {
    at += HEAD + row.readUInt32LE(at);
    const isEnd = hashes.readUInt16LE(hash) % CHUNK_LEAVES === 0 || at - start >= CHUNK_BYTES;
    if (!isEnd && at < row.length) continue;
    yield row.subarray(start, at);
    start = at;
  }
}
