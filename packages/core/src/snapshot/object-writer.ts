// Adds contents to the store. What it added is safe on the disk when `finish` has returned, not before.

import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { directoryOf } from "../files/path-names.ts";
import { synced } from "../files/synced.ts";
import { type Digest, digestOf, startSha256 } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { randomBytes } from "../random.ts";
import { fileName } from "../text/bytes.ts";
import type { Stretch } from "./entry.ts";
import type { ObjectStore } from "./object-store.ts";
import { LARGEST_PACKED } from "./pack.ts";
import { PackWriter } from "./pack-writer.ts";
import { objectFile } from "./store-layout.ts";

/** Bytes of a pack after which the next one begins: what a collection has to write again at most. */
const PACK_FULL = 256 << 20;
const CHUNK = 1 << 20;

export class ObjectWriter {
  private readonly store: ObjectStore;
  private readonly addon: Addon;
  private readonly compress: boolean;
  private pack: PackWriter | undefined;
  private readonly full: PackWriter[] = [];
  private readonly changed = new Set<string>();
  private temporaries = 0;

  /** @param compress whether contents of packs are deflated where it pays: slow, not for a start that is waited for */
  constructor(store: ObjectStore, addon: Addon, compress = false) {
    this.store = store;
    this.addon = addon;
    this.compress = compress;
  }

  /** Whether this writer or the store has it. */
  has(digest: Digest): boolean {
    return this.isAdded(digest) || this.store.has(digest);
  }

  private isAdded(digest: Digest): boolean {
    return this.pack?.has(digest) === true || this.full.some((pack) => pack.has(digest));
  }

  add(content: Uint8Array, digest = digestOf(content)): Digest {
    if (!this.store.hasPacked(digest)) this.append(digest, content);
    return digest;
  }

  /** Also what the store has already, in another pack. */
  append(digest: Digest, content: Uint8Array): void {
    if (this.isAdded(digest)) return;
    this.pack ??= new PackWriter(this.store.layout.packs, this.temporaryName(), this.compress);
    this.pack.add(digest, content);
    this.changed.add(this.store.layout.packs);
    if (this.pack.size < PACK_FULL) return;
    this.full.push(this.pack);
    this.pack = undefined;
  }

  /** The data of an open file, from wherever its offset is. @param stretches where it has data; undefined: everywhere */
  addFile(from: number, stretches: readonly Stretch[] | undefined, size: number): Digest {
    const data = stretches?.reduce((sum, [, length]) => sum + length, 0) ?? size;
    if (data < LARGEST_PACKED) return this.add(Buffer.concat([...this.readData(from, stretches)]));
    const temporary = `${this.store.layout.objects}/${this.temporaryName()}`;
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const to = openSync(fileName(temporary), flags, 0o400);
    try {
      const digest = this.copy(from, to, stretches);
      if (this.has(digest)) unlinkSync(fileName(temporary));
      else this.keep(to, temporary, objectFile(this.store.layout, digest));
      return digest;
    } catch (error) {
      unlinkSync(fileName(temporary));
      throw error;
    } finally {
      closeSync(to);
    }
  }

  /** Shared with the file where the file system can: then it is the clone that is read, which nobody changes. */
  private copy(from: number, to: number, stretches: readonly Stretch[] | undefined): Digest {
    const hash = startSha256();
    const isClone = stretches === undefined && this.addon.cloneFile(from, to);
    for (const bytes of this.readData(isClone ? to : from, stretches)) {
      hash.update(bytes);
      if (isClone) continue;
      for (let done = 0; done < bytes.length; ) done += writeSync(to, bytes, done);
    }
    return hash.digest("hex") as Digest;
  }

  private *readData(from: number, stretches: readonly Stretch[] | undefined): Generator<Buffer> {
    for (const [offset, length] of stretches ?? [[0, Number.POSITIVE_INFINITY] as const]) {
      for (let done = 0; done < length; ) {
        const room = Buffer.allocUnsafe(Math.min(CHUNK, length - done));
        const count = readSync(from, room, 0, room.length, offset + done);
        if (count === 0) return;
        done += count;
        yield room.subarray(0, count);
      }
    }
  }

  private keep(descriptor: number, temporary: string, file: string): void {
    const directory = directoryOf(file);
    fsyncSync(descriptor);
    mkdirSync(fileName(directory), { recursive: true, mode: 0o700 });
    renameSync(fileName(temporary), fileName(file));
    this.changed.add(directory).add(this.store.layout.objects);
  }

  private temporaryName(): string {
    return `.${process.pid}-${randomBytes(6).toString("hex")}-${this.temporaries++}.tmp`;
  }

  /** Sets the disk to work on what was added so far, so that less is left to wait for. @throws the file system's own error */
  start(): void {
    this.pack?.start();
  }

  /** @returns the packs. @throws the file system's own error; `abandon` is then called for */
  async finish(): Promise<readonly string[]> {
    const files: string[] = [];
    if (this.pack !== undefined) this.full.push(this.pack);
    this.pack = undefined;
    for (let pack = this.full[0]; pack !== undefined; pack = this.full[0]) {
      files.push(await pack.finish());
      this.full.shift();
    }
    for (const directory of this.changed) await syncDirectory(directory);
    this.changed.clear();
    this.store.refresh();
    return files;
  }

  /** Removes what is not finished. */
  abandon(): void {
    for (const pack of [...this.full, ...(this.pack === undefined ? [] : [this.pack])]) pack.abandon();
    this.full.length = 0;
    this.pack = undefined;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const descriptor = openSync(fileName(directory), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await synced(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
