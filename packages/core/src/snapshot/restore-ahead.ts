// Steps of a restore that are simple and many are done on the other processors, batch by batch. What cannot be done so is
// left, for the restore to do one by one, and to say why.

import { NonoError } from "../error.ts";
import { baseNameOf, directoryOf } from "../files/path-names.ts";
import type { Digest } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { FileEntry } from "./entry.ts";
import type { FileRecord } from "./file-record.ts";
import type { ObjectStore } from "./object-store.ts";
import { LARGEST_PACKED, type Location } from "./pack.ts";
import type { RestoreAction } from "./restore-plan.ts";

/** Of one batch: steps, and bytes of contents that had to be inflated. */
const STEPS = 256;
const ENOUGH = 192;
const INFLATED = 4 << 20;

/** How many are under way. */
const BATCHES = 3;

/** What restoreFiles wants to know of each step. */
const WANTED = 112;
const NUMBERS = { put: 0, make: 1, finish: 2 } as const;

type Put = RestoreAction & Readonly<{ step: "put"; entry: FileEntry }>;
export type SimpleAction = Put | Extract<RestoreAction, { step: "make" | "finish" }>;

/**
 * Whether it can be done with others: nothing but a file that is replaced may be in the place.
 * @param found what was there when the plan was made
 */
export function isSimple(action: RestoreAction, found: FileRecord | undefined): action is SimpleAction {
  switch (action.step) {
    case "put":
      return action.entry.type === "file" && isSimpleFile(action.entry) && (found?.kind ?? "file") === "file";
    case "make":
      return found === undefined;
    case "finish":
      return action.times && action.entry.attributes.length === 0;
    default:
      return false;
  }
}

function isSimpleFile({ attributes, stretches, size }: FileEntry): boolean {
  return attributes.length === 0 && stretches === undefined && size <= LARGEST_PACKED;
}

type Batch = Readonly<{ actions: readonly SimpleAction[]; last: string; told: Promise<Buffer | undefined> }>;

export class RestoreAhead {
  private readonly addon: Addon;
  private readonly objects: ObjectStore;
  private readonly batches: Batch[] = [];
  private done = new Set<RestoreAction>();
  private readonly next: Gathered;

  /** @param temporary name of what is not whole yet */
  constructor(addon: Addon, objects: ObjectStore, temporary: string) {
    this.addon = addon;
    this.objects = objects;
    this.next = new Gathered(temporary);
  }

  /** Files, in any order. @returns those that are done */
  put(
    actions: readonly SimpleAction[],
    records: ReadonlyMap<string, FileRecord>,
  ): Promise<ReadonlySet<RestoreAction>> {
    return this.perform(byDirectory(actions), records, BATCHES);
  }

  /** Directories, one after the other. @returns those that are done */
  inOrder(actions: readonly SimpleAction[]): Promise<ReadonlySet<RestoreAction>> {
    return this.perform(actions, new Map(), 1);
  }

  private async perform(
    actions: readonly SimpleAction[],
    records: ReadonlyMap<string, FileRecord>,
    atOnce: number,
  ): Promise<ReadonlySet<RestoreAction>> {
    this.done = new Set();
    try {
      for (const action of actions) {
        const content = action.step === "put" ? this.contentOf(action.entry.content) : NOTHING;
        if (content === undefined) continue;
        if (this.next.isWellEndedBefore(action)) await this.start(atOnce);
        this.next.add(action, records.get(action.path), content);
        if (this.next.isFull) await this.start(atOnce);
      }
      await this.start(atOnce);
    } finally {
      while (this.batches.length > 0) await this.proceed();
    }
    return this.done;
  }

  /** Undefined for one that is not in a pack, or damaged. */
  private contentOf(content: Digest): Content | undefined {
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
  private async start(atOnce: number): Promise<void> {
    if (this.next.isEmpty) return;
    const { actions, first, last, texts, room } = this.next.take();
    while (this.batches.length >= atOnce || this.batches.at(-1)?.last === first) await this.proceed();
    const told = this.addon.restoreFiles(texts, room).catch(() => undefined);
    this.batches.push({ actions, last, told });
  }

  private async proceed(): Promise<void> {
    const { actions, told } = this.batches[0] as Batch;
    const results = await told;
    this.batches.shift();
    for (const [index, action] of actions.entries())
      if (results?.readUInt32LE(4 * index) === 0) this.done.add(action);
  }
}

function byDirectory(actions: readonly SimpleAction[]): SimpleAction[] {
  const directories = new Map<string, SimpleAction[]>();
  for (const action of actions) {
    const directory = directoryOf(action.path);
    const others = directories.get(directory);
    if (others === undefined) directories.set(directory, [action]);
    else others.push(action);
  }
  return [...directories.values()].flat();
}

/** Where a content lies, or the content itself. */
type Content = Location | Buffer;
const NOTHING = Buffer.alloc(0);

/** The next batch, as restoreFiles wants it. */
class Gathered {
  private actions: SimpleAction[] = [];
  private first = "";
  private last = "";
  private readonly temporary: string;
  private readonly texts = new ByteWriter();
  private rows = Buffer.alloc(STEPS * WANTED);
  private inflated: Buffer[] = [];
  private size = 0;

  constructor(temporary: string) {
    this.temporary = temporary;
    this.begin();
  }

  private begin(): void {
    this.actions = [];
    this.last = "";
    this.rows = Buffer.alloc(STEPS * WANTED);
    this.inflated = [];
    this.size = 0;
    this.texts.begin();
    this.addText(this.temporary);
  }

  private addText(text: string): void {
    this.texts.text(text);
    this.texts.byte(0);
  }

  get isEmpty(): boolean {
    return this.actions.length === 0;
  }

  get isFull(): boolean {
    return this.actions.length === STEPS || this.size >= INFLATED;
  }

  /** With the next directory another batch begins: two of them in one have to wait for each other. */
  isWellEndedBefore({ path }: SimpleAction): boolean {
    return this.actions.length >= ENOUGH && directoryOf(path) !== this.last;
  }

  /** `first`, `last`: directories. */
  take() {
    const { actions, first, last, rows, inflated } = this;
    const room = inflated.length === 0 ? rows : Buffer.concat([rows, ...inflated]);
    const taken = { actions, first, last, texts: this.texts.end(), room };
    this.begin();
    return taken;
  }

  add(action: SimpleAction, found: FileRecord | undefined, content: Content): void {
    const directory = directoryOf(action.path);
    const at = this.actions.length * WANTED;
    if (at === 0) this.first = directory;
    this.addText(directory === this.last ? "" : directory);
    this.addText(baseNameOf(action.path));
    this.last = directory;
    this.actions.push(action);
    this.rows.writeUInt32LE(NUMBERS[action.step], at);
    this.rows.writeUInt32LE(action.entry.mode, at + 8);
    this.rows.writeBigInt64LE(action.entry.modified, at + 32);
    this.rows.writeUInt32LE(action.entry.uid, at + 104);
    this.rows.writeUInt32LE(action.entry.gid, at + 108);
    if (action.entry.type === "file") this.addContent(at, action.entry.content, content);
    if (found === undefined) return;
    this.rows.writeUInt32LE(1, at + 12);
    found.bytes.copy(this.rows, at + 40, 0, 24); // device, inode, size
    this.rows.writeBigInt64LE(found.modified, at + 64);
  }

  private addContent(at: number, digest: Digest, content: Content): void {
    const isHere = Buffer.isBuffer(content);
    const offset = isHere ? STEPS * WANTED + this.size : content.offset;
    this.rows.writeInt32LE(isHere ? -1 : content.descriptor, at + 4);
    this.rows.writeUInt32LE(offset % 2 ** 32, at + 16);
    this.rows.writeUInt32LE(Math.floor(offset / 2 ** 32), at + 20);
    this.rows.writeUInt32LE(content.length, at + 24);
    this.rows.write(digest, at + 72, "hex");
    if (!isHere) return;
    this.inflated.push(content);
    this.size += content.length;
  }
}
