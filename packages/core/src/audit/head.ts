// What lies between two sessions: the seed of the next one's key, and what its first event has to name.
//
// Two slots, written in turn, in place: a slot that was cut off by a crash does not pass for one, and then the other
// counts. In place, so that a seed that is no longer needed is overwritten rather than left to the free blocks of the disk.

import { closeSync, constants, fdatasyncSync, readSync, writeSync } from "node:fs";
import { NonoError } from "../error.ts";
import { openRegular } from "../files/regular-file.ts";
import { digestOf, isDigest } from "../hash/digest.ts";

/** The end of a log, as another one names it. `root`: 64 hexadecimal digits. */
export type LogEnd = Readonly<{ session: string; size: number; root: string }>;

/** The first line of a log, and in base64 the key that has signed it; older records do not name the key. */
export type LogBeginning = LogEnd & Readonly<{ key?: string }>;

export type Head = Readonly<{
  /** Of the session that begins next, from 0. */
  number: number;
  /** Of its key: 64 hexadecimal digits. Stands first, so that the next one overwrites it. */
  seed: string;
  /** The first line of the session that began last. */
  before: LogBeginning | null;
  /** Sessions that have begun and not ended. */
  open: readonly string[];
  /** Sessions that have ended since the last one began. */
  ended: readonly LogEnd[];
}>;

const SLOT = 64 << 10;
/** A head is some hundred bytes. */
const USUAL = 2 << 10;
const HEADER = /^nono-audit-head 1 ([0-9]{12}) ([0-9]{6}) ([0-9a-f]{64})\n/;
const HEADER_BYTES = 103;

type Slot = Readonly<{ generation: number; head: Head }>;

export class HeadFile {
  readonly #file: string;
  readonly #descriptor: number;
  #generation: number;

  /** `undefined`: nothing has been written yet. */
  readonly head: Head | undefined;

  /** To be closed. The lock is held. @throws NonoError `audit-damaged`, `file-irregular`, and the file system's own error */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = openRegular(file, constants.O_RDWR | constants.O_CREAT);
    try {
      const slot = this.#read();
      this.head = slot?.head;
      this.#generation = slot?.generation ?? 0;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #read(): Slot | undefined {
    const newest = newestIn(this.#descriptor);
    if (
      newest === undefined &&
      readHalves(this.#descriptor, SLOT).some((half) => half.some((byte) => byte !== 0))
    )
      throw new NonoError({
        code: "audit-damaged",
        file: this.#file,
        reason: "both of its halves are damaged",
      });
    return newest;
  }

  /**
   * On the disk when it returns, unless `durable` is false; then the system's own time for it has to pass.
   * @throws NonoError `audit-full`, and the file system's own error
   */
  write(head: Head, durable: boolean): void {
    this.#generation += 1;
    const bytes = encodeSlot({ generation: this.#generation, head }, this.#file);
    this.#put(bytes, this.#generation % 2);
    if (!durable) return;
    fdatasyncSync(this.#descriptor);
    // The other half still holds the seed before: what is overwritten first is safe in this half.
    this.#put(bytes, (this.#generation + 1) % 2);
  }

  #put(bytes: Buffer, slot: number): void {
    const written = writeSync(this.#descriptor, bytes, 0, bytes.length, slot * SLOT);
    if (written !== bytes.length)
      throw new NonoError({ code: "audit-failed", file: this.#file, reason: "it was written in part" });
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** For looking at: nothing is made, and a half that is being written is passed over. */
export function readHead(file: string): Head | undefined {
  let descriptor: number;
  try {
    descriptor = openRegular(file, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return newestIn(descriptor)?.head;
  } finally {
    closeSync(descriptor);
  }
}

/** What was written last and is whole. Hardly a half needs more than its first bytes. */
function newestIn(descriptor: number): Slot | undefined {
  const [first, second] = readHalves(descriptor, USUAL) as [Buffer, Buffer];
  const isSecondNewer = generationOf(second) > generationOf(first);
  const one = () => wholeSlot(descriptor, 0, first);
  const other = () => wholeSlot(descriptor, SLOT, second);
  return isSecondNewer ? (other() ?? one()) : (one() ?? other());
}

/** As it says itself; -1: it says nothing. */
function generationOf(half: Buffer): number {
  return Number(HEADER.exec(half.toString("latin1", 0, HEADER_BYTES))?.[1] ?? -1);
}

/** @param beginning of the half, as much as is usually enough */
function wholeSlot(descriptor: number, at: number, beginning: Buffer): Slot | undefined {
  const length = HEADER.exec(beginning.toString("latin1", 0, HEADER_BYTES))?.[2];
  const isLonger = beginning.length === USUAL && HEADER_BYTES + Number(length ?? 0) > USUAL;
  return slotOf(isLonger ? readHalf(descriptor, at, SLOT) : beginning);
}

function readHalves(descriptor: number, length: number): readonly Buffer[] {
  return [0, SLOT].map((at) => readHalf(descriptor, at, length));
}

function readHalf(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at));
}

function encodeSlot({ generation, head }: Slot, file: string): Buffer {
  const { seed, ...rest } = head;
  const text = JSON.stringify({ seed, ...rest });
  const sum = digestOf(Buffer.from(`${generation}\n${text}`));
  const length = Buffer.byteLength(text);
  if (length > SLOT - HEADER_BYTES) throw new NonoError({ code: "audit-full", file });
  const numbers = `${String(generation).padStart(12, "0")} ${String(length).padStart(6, "0")}`;
  return Buffer.from(`nono-audit-head 1 ${numbers} ${sum}\n${text}`);
}

function slotOf(bytes: Buffer): Slot | undefined {
  const header = HEADER.exec(bytes.subarray(0, HEADER_BYTES).toString("latin1"));
  if (header === null) return undefined;
  const generation = Number(header[1]);
  const text = bytes.subarray(HEADER_BYTES, HEADER_BYTES + Number(header[2])).toString();
  if (digestOf(Buffer.from(`${generation}\n${text}`)) !== header[3]) return undefined;
  const head: unknown = JSON.parse(text);
  return isHead(head) ? { generation, head } : undefined;
}

/** The sum shows what was cut off, not what somebody wrote. */
function isHead(value: unknown): value is Head {
  const { number, seed, before, open, ended } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    Number.isSafeInteger(number) &&
    isDigest(seed) &&
    (before === null || isLogBeginning(before)) &&
    Array.isArray(open) &&
    open.every((one) => typeof one === "string") &&
    Array.isArray(ended) &&
    ended.every(isLogEnd)
  );
}

export function isLogEnd(value: unknown): value is LogEnd {
  const { session, size, root } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof session === "string" && Number.isSafeInteger(size) && isDigest(root);
}

export function isLogBeginning(value: unknown): value is LogBeginning {
  return isLogEnd(value) && ["string", "undefined"].includes(typeof (value as LogBeginning).key);
}
