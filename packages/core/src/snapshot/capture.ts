// From a name that a walk found to its entry: reads what is not known yet, and adds contents to the store.

import { closeSync, constants, fstatSync, readlinkSync } from "node:fs";
import type { Addon } from "../native/addon.ts";
import { fileName, textOf } from "../text/bytes.ts";
import type { DirectoryCursor } from "./directory-cursor.ts";
import { type Attributes, decodeEntry, type Entry, type FileEntry, type Stretch } from "./entry.ts";
import { errnoName, reasonOf } from "./failure.ts";
import { type FileRecord, inodeOf, isUntouched, RECORD_SIZE, readRecord } from "./file-record.ts";
import type { ObjectWriter } from "./object-writer.ts";
import { LARGEST_PACKED } from "./pack.ts";
import type { ReadAhead } from "./read-ahead.ts";
import type { Item } from "./walk.ts";

/** Times that a file is read before it counts as one that keeps changing. */
const TRIES = 3;
const CHANGED = -3;
const NOT_A_FILE = -1;
const NOTHING = new Uint8Array(0);

/** `record`: what the file was when its content was read. */
export type Captured = Readonly<{ entry: Entry; record: FileRecord }>;

export class Capture {
  private readonly addon: Addon;
  private readonly cursor: DirectoryCursor;
  private readonly writer: ObjectWriter;
  private readonly ahead: ReadAhead;
  private readonly room = Buffer.allocUnsafe(LARGEST_PACKED);
  private readonly told = Buffer.alloc(RECORD_SIZE);
  private readonly firstNames = new Map<string, Captured & { entry: FileEntry }>();

  constructor(addon: Addon, cursor: DirectoryCursor, writer: ObjectWriter, ahead: ReadAhead) {
    this.addon = addon;
    this.cursor = cursor;
    this.writer = writer;
    this.ahead = ahead;
  }

  /** Undefined for what has vanished since the walk. @throws what is no fault of the file: a full disk, too many files */
  entryOf(item: Item): Captured | undefined {
    if (item.problem !== undefined) return { entry: unread(item, item.problem), record: item.record };
    const first = item.record.kind === "file" ? this.firstNames.get(inodeOf(item.record)) : undefined;
    if (first !== undefined) {
      const entry = { ...first.entry, path: item.path, linkedTo: first.entry.path };
      return { entry, record: first.record };
    }
    const captured = this.known(item) ?? this.readOrTell(item);
    if (captured?.entry.type === "file" && item.record.links > 1)
      this.firstNames.set(inodeOf(item.record), { ...captured, entry: captured.entry });
    return captured;
  }

  private known(item: Item): Captured | undefined {
    if (item.known === undefined) return undefined;
    const entry = decodeEntry(item.known);
    return { entry: entry.type === "file" ? { ...entry, linkedTo: undefined } : entry, record: item.record };
  }

  private readOrTell(item: Item): Captured | undefined {
    const ahead = this.ahead.take(item);
    if (ahead !== undefined && !ahead.record.attributed) {
      const digest = this.writer.add(ahead.content, ahead.digest);
      return {
        entry: this.fileEntry(item, ahead.record, digest, undefined, [], false),
        record: ahead.record,
      };
    }
    try {
      return this.read(item);
    } catch (error) {
      const name = errnoName(error);
      if (name === "ENOENT") return undefined;
      const reason = name === "ELOOP" || name === "ENOTDIR" ? "replaced while it was read" : reasonOf(error);
      return { entry: unread(item, reason), record: item.record };
    }
  }

  private read(item: Item): Captured {
    const { path, record, name } = item;
    const { mode, uid, gid, modified } = record;
    const common = { path, mode, uid, gid, modified, attributes: [] };
    const directory = this.cursor.at(item.within.path);
    switch (record.kind) {
      case "file":
        return this.readFile(item, directory);
      case "directory": {
        const flags = constants.O_RDONLY | constants.O_DIRECTORY;
        const attributes = this.opened(directory, name, flags, (descriptor) => this.attributesOf(descriptor));
        return { entry: { ...common, type: "directory", attributes }, record };
      }
      case "link": {
        const file = fileName(`/proc/self/fd/${directory}/${textOf(name)}`);
        const target = textOf(readlinkSync(file, { encoding: "buffer" }));
        return { entry: { ...common, type: "link", target }, record };
      }
      case "other":
        return { entry: { ...common, type: "other" }, record };
    }
  }

  private readFile(item: Item, directory: number): Captured {
    for (let tries = 0; tries < TRIES; tries++) {
      const length = this.addon.readFile(directory, item.name, this.room, this.told);
      if (length === CHANGED) continue;
      if (length === NOT_A_FILE)
        return { entry: unread(item, "replaced while it was read"), record: item.record };
      const record = readRecord(Buffer.from(this.told));
      const isSimple = length >= 0 && !record.attributed;
      if (!isSimple) break;
      const content = this.room.subarray(0, length);
      const digest = this.writer.add(content);
      return { entry: this.fileEntry(item, record, digest, undefined, [], false), record };
    }
    return this.readThoroughly(item, directory);
  }

  /** Large files, those with holes or attributes, and those that change. */
  private readThoroughly(item: Item, directory: number): Captured {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    return this.opened(directory, item.name, flags, (descriptor) => {
      if (!fstatSync(descriptor).isFile())
        return { entry: unread(item, "replaced while it was read"), record: item.record };
      for (let tries = 1; ; tries++) {
        const before = this.describe(descriptor);
        const attributes = this.attributesOf(descriptor);
        const stretches = before.mayHaveHoles ? this.stretchesOf(descriptor, before.size) : undefined;
        const digest = this.writer.addFile(descriptor, stretches, before.size);
        const isStable = isUntouched(before, this.describe(descriptor));
        if (!isStable && tries < TRIES) continue;
        const entry = this.fileEntry(item, before, digest, stretches, attributes, !isStable);
        return { entry, record: before };
      }
    });
  }

  private fileEntry(
    { path }: Item,
    { mode, uid, gid, modified, size }: FileRecord,
    content: FileEntry["content"],
    stretches: readonly Stretch[] | undefined,
    attributes: Attributes,
    unstable: boolean,
  ): FileEntry {
    return {
      type: "file",
      path,
      mode,
      uid,
      gid,
      modified,
      attributes,
      size,
      content,
      stretches,
      linkedTo: undefined,
      unstable,
    };
  }

  private describe(descriptor: number): FileRecord {
    return readRecord(this.addon.describeFile(descriptor, NOTHING) as Buffer);
  }

  /** Undefined when there are no holes: compressed files take fewer blocks, too. */
  private stretchesOf(descriptor: number, size: number): readonly Stretch[] | undefined {
    const bytes = this.addon.dataOfFile(descriptor);
    const stretches = Array.from({ length: bytes.length / 16 }, (_, index): Stretch => {
      const offset = Number(bytes.readBigUInt64LE(index * 16));
      return [offset, Math.min(Number(bytes.readBigUInt64LE(index * 16 + 8)), size - offset)];
    }).filter(([, length]) => length > 0);
    const [first] = stretches;
    return stretches.length === 1 && first?.[0] === 0 && first[1] === size ? undefined : stretches;
  }

  private attributesOf(descriptor: number): Attributes {
    const found = Object.entries(this.addon.attributes(descriptor) ?? {});
    return found
      .map(([name, value]) => [name, value.toString("hex")] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private opened<T>(directory: number, name: Buffer, flags: number, use: (descriptor: number) => T): T {
    const descriptor = this.addon.openFile(directory, name, flags, 0);
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

function unread({ path, record }: Item, reason: string): Entry {
  const { mode, uid, gid, modified } = record;
  return { type: "unread", path, mode, uid, gid, modified, attributes: [], reason };
}
