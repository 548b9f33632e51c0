// Small files are read and hashed on the other processors, batch by batch, while this thread stores the ones before.

import { type Digest, hex } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { bytesOf } from "../text/bytes.ts";
import { type FileRecord, RECORD_SIZE, readRecord } from "./file-record.ts";
import { LARGEST_PACKED } from "./pack.ts";
import type { Item } from "./walk.ts";

/** Of one batch: bytes of contents, and files. */
const ROOM = 4 << 20;
const FILES = 64;

/** How many are under way or waiting; of one that nobody waits for, one. */
const BATCHES = 3;

/** What readFiles tells of each file. */
const TOLD = 112;
const LENGTH_AT = 96;
const OFFSET_AT = 104;
const NUL = Buffer.of(0);

/** `content` lasts until the next file is taken. */
export type ReadFile = Readonly<{ record: FileRecord; content: Buffer; digest: Digest }>;

type Batch = Readonly<{ count: number; room: Buffer; told: Promise<Buffer> }>;

export class ReadAhead {
  private readonly addon: Addon;
  private readonly background: boolean;
  /** What was offered and is not asked for yet. */
  private readonly offered: Item[] = [];
  private next = 0;
  private isComplete = false;
  /** Rooms that are not in use. */
  private readonly free: Buffer[] = [];
  private readonly batches: Batch[] = [];
  private current: { batch: Batch; told: Buffer; index: number } | undefined;

  /** @param background whether everything else on the machine goes first */
  constructor(addon: Addon, background: boolean) {
    this.addon = addon;
    this.background = background;
  }

  /** Items are offered in the order in which they are taken. */
  offer(item: Item): void {
    if (!isReadAhead(item)) return;
    this.offered.push(item);
    if (this.offered.length - this.next >= FILES) this.fill();
  }

  /** Nothing more is offered. */
  complete(): void {
    this.isComplete = true;
    this.fill();
  }

  /** To be awaited before an item is taken, when it is not undefined. */
  reach(item: Item): Promise<void> | undefined {
    const isAtHand = this.current !== undefined && this.current.index < this.current.batch.count;
    return !isReadAhead(item) || isAtHand ? undefined : this.proceed();
  }

  private async proceed(): Promise<void> {
    if (this.current !== undefined) this.free.push(this.current.batch.room);
    this.current = undefined;
    this.fill();
    const batch = this.batches.shift();
    if (batch !== undefined) this.current = { batch, told: await batch.told, index: 0 };
  }

  /** Items are taken in their order. Undefined for one that has to be read by itself. */
  take(item: Item): ReadFile | undefined {
    if (!isReadAhead(item) || this.current === undefined) return undefined;
    const { batch, told } = this.current;
    const at = this.current.index++ * TOLD;
    const length = Number(told.readBigInt64LE(at + LENGTH_AT));
    if (length < 0) return undefined;
    const offset = Number(told.readBigUInt64LE(at + OFFSET_AT));
    return {
      record: readRecord(told, at),
      content: batch.room.subarray(offset, offset + length),
      digest: hex(told.subarray(at + RECORD_SIZE, at + LENGTH_AT)),
    };
  }

  private fill(): void {
    while (this.batches.length < (this.background ? 1 : BATCHES)) {
      const left = this.offered.length - this.next;
      if (left === 0 || (left < FILES && !this.isComplete)) return;
      const files = this.gather();
      // One byte more than is used: a file that grew is seen to be larger than its room.
      const room = this.free.pop() ?? Buffer.allocUnsafeSlow(ROOM + 1);
      const told = this.addon.readFiles(Buffer.concat(files), room, this.background);
      this.batches.push({ count: files.length / 4, room, told });
    }
  }

  /** Directory, NUL, name, NUL for each file of the next batch. */
  private gather(): Buffer[] {
    const files: Buffer[] = [];
    let [size, directory] = [0, ""];
    for (; this.next < this.offered.length && files.length < 4 * FILES; this.next++) {
      const { within, name, record } = this.offered[this.next] as Item;
      size += record.size;
      if (size > ROOM) break;
      files.push(within.path === directory ? NOTHING : bytesOf(within.path), NUL, name, NUL);
      directory = within.path;
    }
    return files;
  }

  /** Waits until nobody writes into a room any more. */
  async close(): Promise<void> {
    await Promise.all(this.batches.map((batch) => batch.told));
  }
}

const NOTHING = Buffer.alloc(0);

function isReadAhead({ record, known, problem }: Item): boolean {
  if (record.kind !== "file" || known !== undefined || problem !== undefined) return false;
  return record.links === 1 && record.size < LARGEST_PACKED && !record.mayHaveHoles;
}
