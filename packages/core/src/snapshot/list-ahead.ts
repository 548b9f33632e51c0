// Directories that are known from the last time are listed on the other processors, ahead of the walk that wants them.

import type { Addon } from "../native/addon.ts";
import { bytesOf } from "../text/bytes.ts";
import { type FileRecord, RECORD_SIZE, readRecord } from "./file-record.ts";

/** Directories listed at once, and how many times that is under way. */
const DIRECTORIES = 128;
const BATCHES = 3;

const HEAD_SIZE = RECORD_SIZE + 8;
const NUL = Buffer.of(0);

/** `record`: the directory that was listed. */
export type Listed = Readonly<{ record: FileRecord; listing: Buffer }>;

export class ListAhead {
  private readonly addon: Addon;
  private readonly paths: readonly string[];
  private readonly background: boolean;
  private readonly batches: Promise<Buffer>[] = [];
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Of the next path that is taken, and of the first one that is not asked for yet. */
  private next = 0;
  private asked = 0;

  /** @param paths absolute, in the order in which they are taken */
  constructor(addon: Addon, paths: readonly string[], background: boolean) {
    this.addon = addon;
    this.paths = paths;
    this.background = background;
    this.fill();
  }

  /** Undefined for what cannot be listed. @param path one of the list, behind all that were taken */
  async take(path: string): Promise<Listed | undefined> {
    for (; this.next < this.paths.length; ) {
      if (this.at === this.bytes.length) await this.proceed();
      const isIt = this.paths[this.next++] === path;
      const [head, error] = [this.at, this.bytes.readUInt32LE(this.at + RECORD_SIZE)];
      this.at += HEAD_SIZE + this.bytes.readUInt32LE(head + RECORD_SIZE + 4);
      if (!isIt) continue;
      const listing = this.bytes.subarray(head + HEAD_SIZE, this.at);
      return error === 0 ? { record: readRecord(this.bytes, head), listing } : undefined;
    }
    return undefined;
  }

  private async proceed(): Promise<void> {
    this.bytes = (await this.batches.shift()) as Buffer;
    this.at = 0;
    this.fill();
  }

  private fill(): void {
    while (this.batches.length < (this.background ? 1 : BATCHES) && this.asked < this.paths.length) {
      const paths = this.paths.slice(this.asked, this.asked + DIRECTORIES);
      this.asked += paths.length;
      const bytes = Buffer.concat(paths.flatMap((path) => [bytesOf(path), NUL]));
      this.batches.push(this.addon.listDirectories(bytes, this.background));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.batches);
  }
}
