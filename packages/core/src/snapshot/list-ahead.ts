// Directories that are known from the last time are listed on the other processors, ahead of the walk that wants them, and
// compared with what they were.

import type { Addon } from "../native/addon.ts";
import { type FileRecord, RECORD_SIZE, readRecord } from "./file-record.ts";
import type { StatCache } from "./stat-cache.ts";

/** Directories listed at once, and how many times that is under way. */
const DIRECTORIES = 128;
const BATCHES = 3;

const HEAD_SIZE = RECORD_SIZE + 8;
const AS_KNOWN = 0xffff_ffff;

/** `record`: the directory that was listed. */
export type Listed = Readonly<{ record: FileRecord; listing: Buffer }>;

export class ListAhead {
  private readonly addon: Addon;
  private readonly known: StatCache;
  private readonly background: boolean;
  private readonly batches: Promise<Buffer>[] = [];
  /** Of batches that were looked at already, and are not taken yet. */
  private readonly looked: Buffer[] = [];
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Of the next directory that is taken, and of the first one that is not asked for yet. */
  private next = FIRST;
  private asked = FIRST;

  private paths: readonly string[] | undefined;

  constructor(addon: Addon, known: StatCache, background: boolean) {
    this.addon = addon;
    this.known = known;
    this.background = background;
    this.fill();
  }

  /** Whether all are the directories that they were, with the same listings. They can be taken afterwards, too. */
  async areAllAsKnown(): Promise<boolean> {
    let areThey = true;
    for (;;) {
      const bytes = await this.batches.shift();
      if (bytes === undefined) return areThey;
      this.looked.push(bytes);
      this.fill();
      areThey &&= bytes.length % HEAD_SIZE === 0;
      for (let at = 0; areThey && at < bytes.length; at += HEAD_SIZE)
        areThey = bytes.readUInt32LE(at + RECORD_SIZE + 4) === AS_KNOWN;
      if (!areThey) return false;
    }
  }

  /** Undefined for what cannot be listed. @param path one of those known, behind all that were taken */
  async take(path: string): Promise<Listed | undefined> {
    const { directories, starts } = this.known;
    if (!directories.has(path)) return undefined;
    this.paths ??= [...directories.keys()];
    while (this.next < starts.length) {
      if (this.at === this.bytes.length) await this.proceed();
      const isIt = this.paths[this.next++] === path;
      const head = this.at;
      const error = this.bytes.readUInt32LE(head + RECORD_SIZE);
      const length = this.bytes.readUInt32LE(head + RECORD_SIZE + 4);
      this.at = head + HEAD_SIZE + (length === AS_KNOWN ? 0 : length);
      if (!isIt) continue;
      if (error !== 0) return undefined;
      const found = this.bytes.subarray(head + HEAD_SIZE, this.at);
      const listing = length === AS_KNOWN ? (directories.get(path)?.listing ?? found) : found;
      return { record: readRecord(this.bytes, head), listing };
    }
    return undefined;
  }

  private async proceed(): Promise<void> {
    this.bytes = this.looked.shift() ?? ((await this.batches.shift()) as Buffer);
    this.at = 0;
    this.fill();
  }

  private fill(): void {
    const { bytes, starts } = this.known;
    while (this.batches.length < (this.background ? 1 : BATCHES) && this.asked < starts.length) {
      const from = starts[this.asked] as number;
      this.asked += DIRECTORIES;
      const to = starts[this.asked] ?? bytes.length;
      this.batches.push(this.addon.compareDirectories(bytes, from, to, this.background));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.batches);
  }
}

/** Of the very first one, where the root lies, only the root itself is of interest. */
const FIRST = 1;
