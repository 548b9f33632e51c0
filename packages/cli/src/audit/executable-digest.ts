// The digest of the file that is started: opened before the start, so that what was started is what is read.

import { closeSync, constants, fstatSync, openSync, read, readSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { startSha256 } from "nono-ts/internal";
import type { KnownDigests } from "./known-digests.ts";

export type ExecutableDigest = Readonly<{ path: string; sha256: string; size: number }>;

const CHUNK = 1 << 20;

/** So much is read at once: a thread of a pool takes longer to start. */
const SMALL = 1 << 20;

/** Of that at a time: to be given memory costs more than to be given it again. */
const SOME = 64 << 10;

/** Milliseconds after which a change shows in a file's time, whatever the kernel's clock for them. */
const TICK = 20;

export type OpenExecutable = Readonly<{
  /** Before the start, where it is short and has not been changed just now: `digest` has less to do then. */
  readAhead(): void;
  /** Of what was started: of what was read ahead, unless it was changed since. Reads on while the command runs. Once. */
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
  let ahead: Readonly<{ sha256: string; size: number; changed: number }> | undefined;
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
    readAhead() {
      if (descriptor === undefined) return;
      const { size, ctimeMs: changed } = fstatSync(descriptor);
      if (size > SMALL || Math.abs(Date.now() - changed) < TICK) return;
      const sha256 = digestOfSmall(descriptor, size);
      if (sha256 !== undefined) ahead = { sha256, size, changed };
    },
    digest: async (known) => {
      const taken = take();
      try {
        if (taken === undefined) return undefined;
        const { size, ctimeMs: changed } = fstatSync(taken);
        const same = ahead?.size === size && ahead.changed === changed ? ahead.sha256 : undefined;
        const sha256 = same ?? (await digestOfFile(taken, size, known));
        return sha256 === undefined ? undefined : { path, sha256, size };
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
  size: number,
  known: KnownDigests,
): Promise<string | undefined> {
  if (size <= SMALL) return digestOfSmall(descriptor, size);
  return await known.digest(descriptor, () => digestOfLarge(descriptor, size));
}

function digestOfSmall(descriptor: number, size: number): string | undefined {
  const [hash, chunk] = [startSha256(), Buffer.allocUnsafe(SOME)];
  try {
    for (let at = 0; at < size; ) {
      const length = readSync(descriptor, chunk, 0, Math.min(SOME, size - at), at);
      if (length === 0) return undefined;
      hash.update(chunk.subarray(0, length));
      at += length;
    }
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}

async function digestOfLarge(descriptor: number, size: number): Promise<string | undefined> {
  const [hash, chunk] = [startSha256(), Buffer.allocUnsafe(CHUNK)];
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
