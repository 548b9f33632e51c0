// Writes one pack: a temporary file, fsync, rename (pack.ts has the layout).

import { closeSync, constants, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { synced } from "../files/synced.ts";
import { type Digest, hex, sha256 } from "../hash/digest.ts";
import { zlibModule } from "../platform-modules.ts";
import { fileName } from "../text/bytes.ts";
import { DEFLATED, LARGEST_PACKED, MAGIC, PLAIN, ROW_SIZE, TRAILER_SIZE } from "./pack.ts";

/** Bytes gathered before they are written. */
const GATHERED = 4 << 20;

/** Bytes after which the disk is set to work, so that little is left to wait for at the end. */
const SYNCED = 32 << 20;

export class PackWriter {
  private readonly temporary: string;
  private readonly descriptor: number;
  private isOpen = true;
  private readonly digests = new Set<Digest>();
  /** Rows of the index, in the order in which contents came. */
  private rows = Buffer.allocUnsafeSlow(ROW_SIZE << 8);
  private readonly gathered = Buffer.allocUnsafe(GATHERED);
  private held = 0;
  private written = 0;
  private synced = 0;
  private syncing: Promise<void> = Promise.resolve();
  private readonly directory: string;

  private readonly compress: boolean;

  /**
   * @param temporary name in the directory that nobody else has
   * @param compress whether to try; what does not become an eighth smaller stays plain
   */
  constructor(directory: string, temporary: string, compress: boolean) {
    this.directory = directory;
    this.compress = compress;
    this.temporary = `${directory}/${temporary}`;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    this.descriptor = openSync(fileName(this.temporary), flags, 0o400);
  }

  get size(): number {
    return this.written + this.held;
  }

  has(digest: Digest): boolean {
    return this.digests.has(digest);
  }

  add(digest: Digest, content: Uint8Array): void {
    const deflated =
      this.compress && content.length > 64 && content.length <= LARGEST_PACKED
        ? zlibModule().deflateRawSync(content)
        : undefined;
    const pays = deflated !== undefined && deflated.length < content.length * 0.875;
    const stored = pays ? deflated : content;
    this.addRow(digest, stored.length, pays ? DEFLATED : PLAIN);
    this.append(stored);
  }

  private addRow(digest: Digest, length: number, form: number): void {
    const at = this.digests.size * ROW_SIZE;
    if (at === this.rows.length) this.rows = Buffer.concat([this.rows], 2 * at);
    this.rows.write(digest, at, "hex");
    this.rows.writeUInt32LE(this.size % 2 ** 32, at + 32);
    this.rows.writeUInt32LE(Math.floor(this.size / 2 ** 32), at + 36);
    this.rows.writeUInt32LE(length, at + 40);
    this.rows.writeUInt32LE(form, at + 44);
    this.digests.add(digest);
  }

  /** Sorted by digest. */
  private index(): Buffer {
    const rows = Array.from({ length: this.digests.size }, (_, index) =>
      this.rows.subarray(index * ROW_SIZE, (index + 1) * ROW_SIZE),
    );
    return Buffer.concat(rows.sort(Buffer.compare));
  }

  private append(bytes: Uint8Array): void {
    if (this.held + bytes.length > GATHERED) this.flush();
    if (bytes.length > GATHERED) {
      this.write(bytes);
    } else {
      this.gathered.set(bytes, this.held);
      this.held += bytes.length;
    }
  }

  private flush(): void {
    this.write(this.gathered.subarray(0, this.held));
    this.held = 0;
  }

  private write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
    this.written += bytes.length;
    if (this.written - this.synced >= SYNCED) this.syncMeanwhile();
  }

  /** Sets the disk to work on what came so far. */
  start(): void {
    this.flush();
    this.syncMeanwhile();
  }

  /** What it fails with is told once, by whichever call comes first (fsync(2)): it is kept until `finish`. */
  private syncMeanwhile(): void {
    this.synced = this.written;
    const syncing = this.syncing.then(() => (this.isOpen ? synced(this.descriptor) : undefined));
    syncing.catch(() => undefined);
    this.syncing = syncing;
  }

  /** @returns the pack's file, on the disk; the directory has yet to be synced */
  async finish(): Promise<string> {
    const index = this.index();
    const trailer = Buffer.alloc(TRAILER_SIZE);
    MAGIC.copy(trailer);
    trailer.writeUInt32LE(this.digests.size, 8);
    trailer.writeUInt32LE(this.compress ? 1 : 0, 12);
    const hash = sha256(Buffer.concat([index, trailer.subarray(8, 16)]));
    hash.copy(trailer, 16);
    this.append(index);
    this.append(trailer);
    this.flush();
    await this.syncing;
    await synced(this.descriptor);
    this.close();
    const file = `${this.directory}/${hex(hash)}.pack`;
    renameSync(fileName(this.temporary), fileName(file));
    return file;
  }

  /** Once: the number of a descriptor that is closed may be another file's by now. */
  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.descriptor);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.close();
    rmSync(fileName(this.temporary), { force: true });
  }
}
