// The digest of the file that is started: opened before the start, so that what was started is what is read.

import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, read, readSync } from "node:fs";
import { bytesOf, digestOf } from "nono-ts";
import type { KnownDigests } from "./known-digests.ts";

export type ExecutableDigest = Readonly<{ path: string; sha256: string; size: number }>;

const CHUNK = 1 << 20;

/** So much is read at once: a thread of a pool takes longer to start. */
const SMALL = 256 << 10;

export type OpenExecutable = Readonly<{
  /** Reads on while the command runs. Once. */
  digest(known: KnownDigests): Promise<ExecutableDigest | undefined>;
  /** Without one. */
  close(): void;
}>;

/**
 * A file that cannot be read, though it may be executed, has none.
 *
 * @param path absolute
 */
export function openExecutable(path: string): OpenExecutable {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    descriptor = undefined;
  }
  /** Whoever has taken it closes it. */
  const take = () => {
    const taken = descriptor;
    descriptor = undefined;
    return taken;
  };
  return {
    close: () => closeIfOpen(take()),
    digest: async (known) => {
      const taken = take();
      try {
        return taken === undefined ? undefined : await digestOfFile(taken, path, known);
      } finally {
        closeIfOpen(taken);
      }
    },
  };
}

function closeIfOpen(descriptor: number | undefined): void {
  if (descriptor !== undefined) closeSync(descriptor);
}

async function digestOfFile(
  descriptor: number,
  path: string,
  known: KnownDigests,
): Promise<ExecutableDigest | undefined> {
  const { size } = fstatSync(descriptor);
  const sha256 =
    size <= SMALL
      ? digestOfSmall(descriptor, size)
      : await known.digest(descriptor, () => digestOfLarge(descriptor, size));
  return sha256 === undefined ? undefined : { path, sha256, size };
}

function digestOfSmall(descriptor: number, size: number): string | undefined {
  const bytes = Buffer.allocUnsafe(size);
  try {
    for (let at = 0; at < size; ) {
      const length = readSync(descriptor, bytes, at, size - at, at);
      if (length === 0) return undefined;
      at += length;
    }
  } catch {
    return undefined;
  }
  return digestOf(bytes);
}

async function digestOfLarge(descriptor: number, size: number): Promise<string | undefined> {
  const [hash, chunk] = [createHash("sha256"), Buffer.allocUnsafe(CHUNK)];
  for (let at = 0; at < size; ) {
    const length = await readSome(descriptor, chunk, at);
    if (length <= 0) return undefined;
    hash.update(chunk.subarray(0, length));
    at += length;
  }
  return hash.digest("hex");
}

/** 0 at the end, -1 where it fails. */
function readSome(descriptor: number, chunk: Buffer, at: number): Promise<number> {
  return new Promise((resolve) => {
    read(descriptor, chunk, 0, chunk.length, at, (error, length) => resolve(error === null ? length : -1));
  });
}
