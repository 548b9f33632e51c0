// Does one action of a restore, below a directory that is reached without following a link. A file or link is made
// beside its place and renamed into it: there is the old one or the new one, never a part.

import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { baseNameOf, directoryOf } from "../files/path-names.ts";
import type { Addon } from "../native/addon.ts";
import { bytesOf, fileName } from "../text/bytes.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import type { Attributes, Entry, FileEntry, LinkEntry } from "./entry.ts";
import { errnoName } from "./failure.ts";
import { type FileRecord, inodeOf, readRecord } from "./file-record.ts";
import type { ObjectStore } from "./object-store.ts";
import type { RestoreAction } from "./restore-plan.ts";

/** Missing in node:fs: open(2), fcntl.h. */
const O_PATH = 0o10000000;
const NOTHING = new Uint8Array(0);

/**
 * `changed`: it is not any more what the plan was made for. `way`: a directory on the way to it is not there. `occupied`:
 * a directory holds what was not captured. `refused`: by the system, whoever asks; of the action a part may be done.
 */
export type ActionResult = "done" | "changed" | "way" | "occupied" | "refused";

export class RestoreActions {
  private readonly addon: Addon;
  private readonly objects: ObjectStore;
  private readonly temporary: string;
  private readonly cursor: DirectoryCursor;
  /** Modes of directories that had to be made writable for a while. */
  private readonly widened = new Map<string, number>();

  constructor(addon: Addon, objects: ObjectStore, temporary: string) {
    this.addon = addon;
    this.objects = objects;
    this.temporary = temporary;
    this.cursor = new DirectoryCursor(addon);
  }

  /**
   * @param found what was there when the plan was made
   * @throws the system's error where it is not about this one path, NonoError `object-missing`, `store-damaged`: nothing of the action is then done
   */
  perform(action: RestoreAction, found: FileRecord | undefined): ActionResult {
    try {
      return this.attempt(action, found);
    } catch (error) {
      // One that nobody may change must not keep the others from being restored.
      if (REFUSALS.has(errnoName(error))) return "refused";
      throw error;
    }
  }

  private attempt(action: RestoreAction, found: FileRecord | undefined): ActionResult {
    const directory = this.openWay(action.path);
    if (directory === undefined) return "way";
    const now = this.describe(directory, baseNameOf(action.path));
    if (!isExpected(action, now, found))
      return action.step === "remove" && now === undefined ? "done" : "changed";
    try {
      this.act(action, directory, now);
    } catch (error) {
      if (error instanceof Replaced) return "changed";
      if (errnoName(error) !== "EACCES" || !this.widen(directoryOf(action.path), directory)) {
        if (isOccupied(error)) return "occupied";
        throw error;
      }
      this.act(action, directory, now);
    }
    return "done";
  }

  private openWay(path: string): number | undefined {
    try {
      return this.cursor.at(directoryOf(path));
    } catch (error) {
      const name = errnoName(error);
      if (name === "ENOENT" || name === "ENOTDIR" || name === "ELOOP") return undefined;
      throw error;
    }
  }

  private describe(directory: number, name: string): FileRecord | undefined {
    const record = this.addon.describeFile(directory, bytesOf(name));
    return record === null ? undefined : readRecord(record);
  }

  /** An agent may have taken the right to write in a directory from its owner. */
  private widen(path: string, directory: number): boolean {
    if (this.widened.has(path)) return false;
    const { mode } = this.described(directory);
    chmodSync(`/proc/self/fd/${directory}`, mode | 0o700);
    this.widened.set(path, mode);
    return true;
  }

  /** Whether the mode of a directory has yet to become what it was, or should be. */
  isWidened(path: string): boolean {
    return this.widened.has(path);
  }

  private act(action: RestoreAction, directory: number, now: FileRecord | undefined): void {
    const place = at(directory, baseNameOf(action.path));
    switch (action.step) {
      case "remove":
        remove(place, now);
        break;
      case "put":
      case "join":
        this.replace(action, directory, place, now);
        break;
      case "make":
        if (now !== undefined) remove(place, now);
        mkdirSync(place, { mode: 0o700 });
        break;
      case "amend":
        this.amend(directory, action.entry, true, now);
        break;
      case "finish":
        this.amend(directory, action.entry, action.times, now);
        this.widened.delete(action.path);
        break;
    }
  }

  private replace(
    action: Extract<RestoreAction, { step: "put" | "join" }>,
    directory: number,
    place: string | Buffer,
    now: FileRecord | undefined,
  ): void {
    const temporary = at(directory, this.temporary);
    try {
      if (action.step === "join") this.join(action.to, temporary);
      else if (action.entry.type === "link") this.writeLink(directory, action.entry);
      else this.writeFile(directory, action.entry);
      if (now?.kind === "directory") rmdirSync(place);
      renameSync(temporary, place);
    } catch (error) {
      this.clear(directory);
      throw error;
    }
    // rename(2) does nothing when both are names of one file already.
    if (action.step === "join") this.clear(directory);
  }

  private join(to: string, temporary: string | Buffer): void {
    const other = new DirectoryCursor(this.addon);
    try {
      linkSync(at(other.at(directoryOf(to)), baseNameOf(to)), temporary);
    } finally {
      other.close();
    }
  }

  private writeLink(directory: number, entry: LinkEntry): void {
    symlinkSync(fileName(entry.target), at(directory, this.temporary));
    this.amendLink(directory, this.temporary, entry);
    this.setTime(directory, this.temporary, entry.modified);
  }

  private writeFile(directory: number, entry: FileEntry): void {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const descriptor = this.addon.openFile(directory, bytesOf(this.temporary), flags, 0o600);
    try {
      this.objects.writeTo(entry.content, descriptor, entry.stretches);
      if (entry.stretches !== undefined) ftruncateSync(descriptor, entry.size);
      if (entry.attributes.length > 0) this.setAttributes(descriptor, entry.attributes);
      fchmodSync(descriptor, this.own(descriptor, entry));
      this.setTime(descriptor, "", entry.modified);
    } finally {
      closeSync(descriptor);
    }
  }

  private amend(directory: number, entry: Entry, times: boolean, now: FileRecord | undefined): void {
    const name = baseNameOf(entry.path);
    if (entry.type === "link") this.amendLink(directory, name, entry);
    else
      this.withPath(directory, name, (descriptor) => {
        // What took its place since must not get rights that another file had.
        if (now === undefined || inodeOf(this.described(descriptor)) !== inodeOf(now)) throw new Replaced();
        this.amendOpened(descriptor, entry);
      });
    if (times) this.setTime(directory, name, entry.modified);
  }

  private amendLink(directory: number, name: string, entry: LinkEntry): void {
    this.withPath(directory, name, (descriptor) => {
      if (this.described(descriptor).kind === "link") this.own(descriptor, entry);
    });
  }

  /** What is opened has no rights, and is the very thing, whatever its name leads to later. */
  private withPath(directory: number, name: string, use: (descriptor: number) => void): void {
    const descriptor = this.addon.openFile(directory, bytesOf(name), O_PATH, 0);
    try {
      use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  private described(descriptor: number): FileRecord {
    return readRecord(this.addon.describeFile(descriptor, NOTHING) as Buffer);
  }

  /**
   * Only root gives files away; what is not its owner's any more must not run with the rights of another one.
   * @returns the mode to set then
   */
  private own(descriptor: number, { uid, gid, mode, type }: Entry): number {
    const now = this.described(descriptor);
    if (now.uid === uid && now.gid === gid) return mode;
    try {
      chownSync(`/proc/self/fd/${descriptor}`, uid, gid);
      return mode;
    } catch (error) {
      if (errnoName(error) === undefined) throw error;
      return type === "directory" ? mode : mode & 0o1777;
    }
  }

  /** A descriptor without rights: its mode can be set, and with that the rights be had. */
  private amendOpened(descriptor: number, entry: Entry): void {
    const path = `/proc/self/fd/${descriptor}`;
    const { kind } = this.described(descriptor);
    if (kind !== entry.type) throw new Error(`${kind} in the place of a ${entry.type}`);
    const mode = this.own(descriptor, entry);
    chmodSync(path, (mode & 0o1777) | 0o600);
    const opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      this.setAttributes(opened, entry.attributes);
    } finally {
      closeSync(opened);
    }
    chmodSync(path, mode);
  }

  private setAttributes(descriptor: number, wanted: Attributes): void {
    const had = this.addon.attributes(descriptor) ?? {};
    const names = new Set(wanted.map(([name]) => name));
    for (const name of Object.keys(had))
      if (!names.has(name)) this.addon.removeAttribute(descriptor, Buffer.from(name, "latin1"));
    for (const [name, value] of wanted)
      if (had[name]?.toString("hex") !== value)
        this.addon.setAttribute(descriptor, Buffer.from(name, "latin1"), Buffer.from(value, "hex"));
  }

  private setTime(directory: number, name: string, modified: bigint): void {
    const nanoseconds = ((modified % BILLION) + BILLION) % BILLION;
    const seconds = (modified - nanoseconds) / BILLION;
    this.addon.setFileTime(directory, bytesOf(name), Number(seconds), Number(nanoseconds));
  }

  /** Removes what an interrupted restore was writing in a directory, if it is there. */
  clearIn(path: string): void {
    const directory = this.openWay(`${path}/x`);
    if (directory !== undefined) this.clear(directory);
  }

  private clear(directory: number): void {
    try {
      unlinkSync(at(directory, this.temporary));
    } catch (error) {
      if (errnoName(error) !== "ENOENT") throw error;
    }
  }

  /** Waits until everything below a path is on the disk. */
  sync(path: string): void {
    const directory = this.openWay(path);
    if (directory === undefined) return;
    const descriptor = this.addon.openFile(
      directory,
      Buffer.from("."),
      constants.O_RDONLY | constants.O_DIRECTORY,
      0,
    );
    try {
      this.addon.syncFileSystem(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  close(): void {
    this.cursor.close();
    for (const [path, mode] of this.widened) {
      const directory = this.openWay(`${path}/x`);
      if (directory !== undefined) chmodSync(`/proc/self/fd/${directory}`, mode);
    }
    this.cursor.close();
  }
}

class Replaced extends Error {}

const BILLION = 1_000_000_000n;

function at(directory: number, name: string): string | Buffer {
  return fileName(`/proc/self/fd/${directory}/${name}`);
}

function remove(place: string | Buffer, now: FileRecord | undefined): void {
  if (now?.kind === "directory") rmdirSync(place);
  else unlinkSync(place);
}

/** Of rights, of immutable files, of mounts. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM", "EROFS", "EBUSY"]);

function isOccupied(error: unknown): boolean {
  const name = errnoName(error);
  return name === "ENOTEMPTY" || name === "EEXIST";
}

function isExpected(
  { step }: RestoreAction,
  now: FileRecord | undefined,
  found: FileRecord | undefined,
): boolean {
  if (step === "finish") return now?.kind === "directory";
  // Its content stays and gets rights: the time of change is the one that nobody can set.
  const isStrict = step === "amend" && found?.kind === "file" && found.links === 1;
  return isAsFound(now, found) && (!isStrict || now?.changed === found.changed);
}

/** What the restore itself does to neighbours changes the time of change, and of directories more. */
function isAsFound(now: FileRecord | undefined, found: FileRecord | undefined): boolean {
  if (now === undefined || found === undefined) return now === found;
  if (inodeOf(now) !== inodeOf(found) || now.kind !== found.kind) return false;
  return now.kind === "directory" || (now.size === found.size && now.modified === found.modified);
}
