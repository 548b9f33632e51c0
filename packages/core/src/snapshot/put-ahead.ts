// Small files are put where they belong on the other processors, batch by batch. What cannot be done so is left as it was,
// and is for the restore to do one by one.

import { NonoError } from "../error.ts";
import { baseNameOf, directoryOf } from "../files/path-names.ts";
import type { Addon } from "../native/addon.ts";
import { bytesOf } from "../text/bytes.ts";
import type { FileEntry } from "./entry.ts";
import type { FileRecord } from "./file-record.ts";
import type { ObjectStore } from "./object-store.ts";
import { LARGEST_PACKED, type Location } from "./pack.ts";
import type { RestoreAction } from "./restore-plan.ts";

/** Of one batch: files, and bytes of contents that had to be inflated. */
const FILES = 256;
const INFLATED = 4 << 20;

/** How many are under way. */
const BATCHES = 3;

/** What putFiles wants to know of each file. */
const WANTED = 104;
const NUL = Buffer.of(0);
const NOTHING = Buffer.alloc(0);
const BILLION = 1_000_000_000n;

export type Put = RestoreAction & { step: "put"; entry: FileEntry };

/** Whether a file can be put with others: it is a simple one, and nothing but a file is in its place. */
export function isPutAhead(action: RestoreAction, found: FileRecord | undefined): action is Put {
  if (action.step !== "put" || action.entry.type !== "file") return false;
  const { attributes, stretches, size } = action.entry;
  if (attributes.length > 0 || stretches !== undefined || size > LARGEST_PACKED) return false;
  return found === undefined || found.kind === "file";
}

type Batch = Readonly<{ puts: readonly Put[]; last: string; told: Promise<Buffer | undefined> }>;

export class PutAhead {
  private readonly addon: Addon;
  private readonly objects: ObjectStore;
  private readonly temporary: Buffer;
  private readonly batches: Batch[] = [];
  private readonly done = new Set<RestoreAction>();
  private next = new Gathered();

  /** @param temporary name of what is not whole yet */
  constructor(addon: Addon, objects: ObjectStore, temporary: string) {
    this.addon = addon;
    this.objects = objects;
    this.temporary = bytesOf(temporary);
  }

  /**
   * @param records what was there when the plan was made
   * @returns those that are done
   */
  async put(
    puts: readonly Put[],
    records: ReadonlyMap<string, FileRecord>,
  ): Promise<ReadonlySet<RestoreAction>> {
    try {
      for (const put of byDirectory(puts)) {
        const content = this.contentOf(put.entry);
        if (content === undefined) continue;
        this.next.add(put, records.get(put.path), content);
        if (this.next.isFull) await this.start();
      }
      await this.start();
    } finally {
      while (this.batches.length > 0) await this.proceed();
    }
    return this.done;
  }

  /** Undefined for one that is not in a pack, or damaged. */
  private contentOf({ content }: FileEntry): Content | undefined {
    const location = this.objects.locate(content);
    if (location?.deflated !== true) return location;
    try {
      return this.objects.read(content);
    } catch (error) {
      if (error instanceof NonoError) return undefined;
      throw error;
    }
  }

  /** Two batches in one directory at once would use the same name for what is not whole. */
  private async start(): Promise<void> {
    const { puts, first, last } = this.next;
    if (puts.length === 0) return;
    while (this.batches.length >= BATCHES || this.batches.at(-1)?.last === first) await this.proceed();
    const told = this.addon
      .putFiles(this.next.texts(this.temporary), this.next.room())
      .catch(() => undefined);
    this.batches.push({ puts, last, told });
    this.next = new Gathered();
  }

  private async proceed(): Promise<void> {
    const { puts, told } = this.batches[0] as Batch;
    const results = await told;
    this.batches.shift();
    for (const [index, put] of puts.entries()) if (results?.readUInt32LE(4 * index) === 0) this.done.add(put);
  }
}

function byDirectory(puts: readonly Put[]): Put[] {
  const directories = new Map<string, Put[]>();
  for (const put of puts) {
    const directory = directoryOf(put.path);
    const others = directories.get(directory);
    if (others === undefined) directories.set(directory, [put]);
    else others.push(put);
  }
  return [...directories.values()].flat();
}

/** Where a content lies, or the content itself. */
type Content = Location | Buffer;

/** The next batch, as putFiles wants it. */
class Gathered {
  readonly puts: Put[] = [];
  /** Directories of the first and the last file. */
  first = "";
  last = "";
  private readonly names: Buffer[] = [];
  private readonly rows = Buffer.alloc(FILES * WANTED);
  private readonly inflated: Buffer[] = [];
  private size = 0;

  get isFull(): boolean {
    return this.puts.length === FILES || this.size >= INFLATED;
  }

  add(put: Put, found: FileRecord | undefined, content: Content): void {
    const directory = directoryOf(put.path);
    if (this.puts.length === 0) this.first = directory;
    this.names.push(
      directory === this.last ? NOTHING : bytesOf(directory),
      NUL,
      bytesOf(baseNameOf(put.path)),
      NUL,
    );
    this.last = directory;
    const at = this.puts.length * WANTED;
    this.writeWanted(at, put.entry, content);
    if (found !== undefined) this.writeFound(at, found);
    this.puts.push(put);
  }

  private writeWanted(at: number, { mode, modified, content: digest }: FileEntry, content: Content): void {
    const nanoseconds = ((modified % BILLION) + BILLION) % BILLION;
    const isHere = Buffer.isBuffer(content);
    this.rows.writeInt32LE(isHere ? -1 : content.descriptor, at);
    this.rows.writeUInt32LE(mode, at + 4);
    this.rows.writeBigUInt64LE(BigInt(isHere ? FILES * WANTED + this.size : content.offset), at + 8);
    this.rows.writeUInt32LE(content.length, at + 16);
    this.rows.writeBigInt64LE((modified - nanoseconds) / BILLION, at + 24);
    this.rows.writeUInt32LE(Number(nanoseconds), at + 32);
    this.rows.write(digest, at + 72, "hex");
    if (!isHere) return;
    this.inflated.push(content);
    this.size += content.length;
  }

  private writeFound(at: number, found: FileRecord): void {
    this.rows.writeUInt32LE(1, at + 36);
    found.bytes.copy(this.rows, at + 40, 0, 24); // device, inode, size
    this.rows.writeBigInt64LE(found.modified, at + 64);
  }

  texts(temporary: Buffer): Buffer {
    return Buffer.concat([temporary, NUL, ...this.names]);
  }

  room(): Buffer {
    return Buffer.concat([this.rows, ...this.inflated]);
  }
}
