// All tracked roots as leaves: walk and count first, then read what the cache does not know.

import type { Addon } from "../native/addon.ts";
import { breather } from "./breath.ts";
import { type EncodedDirectory, encodeDirectory, type Remembered } from "./cached-directory.ts";
import { Capture } from "./capture.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import { type Entry, encodeEntry } from "./entry.ts";
import { type FileRecord, isUntouched } from "./file-record.ts";
import { compileFilter, type Filter } from "./filter.ts";
import { rowOf } from "./leaves.ts";
import type { ListAhead } from "./list-ahead.ts";
import type { Uncaptured } from "./manifest.ts";
import type { ObjectWriter } from "./object-writer.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { CachedDirectories, StatCache } from "./stat-cache.ts";
import {
  type Budget,
  type Item,
  meterOf,
  type Untouched,
  type Visited,
  type Walked,
  Walker,
} from "./walk.ts";

export type CaptureOptions = Readonly<{
  filter: Filter;
  budget: Budget | undefined;
  /**
   * Nanoseconds since 1970. A file that was changed later is read again the next time: within one tick of the kernel's
   * clock, or through memory that is mapped already, it can change once more and look the same.
   */
  trustBefore: bigint;
  /** An agent runs meanwhile, whose work is not to be slowed down. */
  background: boolean;
}>;

/** `caches`: for each root in which something changed what there is to remember, directory by directory. */
export type CapturedTrees = Readonly<{
  /** All entries as leaves, in their order. */
  row: Buffer;
  fileCount: number;
  size: number;
  uncaptured: readonly Uncaptured[];
  /** What each path was when it was captured, but for those in directories that are as they were in the cache. */
  records: ReadonlyMap<string, FileRecord>;
  caches: ReadonlyMap<string, readonly EncodedDirectory[]>;
}>;

/** What is remembered of a root, and how its directories are now. */
export type Known = Readonly<{ cache: StatCache; ahead: ListAhead }>;

/** @throws NonoError `snapshot-budget`, `snapshot-root`; the system's error when the disk is full */
export async function captureTrees(
  addon: Addon,
  roots: ReadonlyMap<string, Known>,
  writer: ObjectWriter,
  options: CaptureOptions,
): Promise<CapturedTrees> {
  const breathe = breather();
  const judge = compileFilter(options.filter);
  const walked = new Map<string, Walked>();
  for (const [root, known] of roots) {
    const meter = meterOf(root, options.budget);
    walked.set(root, await new Walker(addon, root, judge, known, meter, breathe).walk());
  }
  const trees = new Trees(options.trustBefore);
  const cursor = new DirectoryCursor(addon);
  const items = Array.from(walked.values(), (each) => each.items).flat();
  const ahead = new ReadAhead(addon, items.filter(isItem), options.background);
  try {
    const capture = new Capture(addon, cursor, writer, ahead);
    for (const [root, { items, visited }] of walked) {
      trees.begin(root, visited, roots.get(root)?.cache.directories ?? new Map());
      for (const item of items) {
        if (!isItem(item)) {
          trees.addUntouched(item);
          continue;
        }
        // Waiting for nothing takes its time, too, ten thousands of times.
        const reached = ahead.reach(item);
        if (reached !== undefined) await reached;
        trees.add(item, capture);
        const pause = breathe();
        if (pause !== undefined) await pause;
      }
      trees.end();
    }
  } finally {
    cursor.close();
    await ahead.close();
  }
  return trees.captured();
}

function isItem(found: Item | Untouched): found is Item {
  return "path" in found;
}

type Growing = Remembered & { leaves: (Buffer | undefined)[]; isWhole: boolean; files: number; size: number };

class Trees {
  private readonly rows: Buffer[] = [];
  private readonly uncaptured: Uncaptured[] = [];
  private readonly records = new Map<string, FileRecord>();
  private readonly caches = new Map<string, readonly EncodedDirectory[]>();
  private fileCount = 0;
  private size = 0;
  private readonly trustBefore: bigint;
  private root = "";
  private visited: ReadonlyMap<string, Visited> = new Map();
  private growing = new Map<string, Growing>();
  private isAsRemembered = true;

  constructor(trustBefore: bigint) {
    this.trustBefore = trustBefore;
  }

  captured(): CapturedTrees {
    const { fileCount, size, uncaptured, records, caches } = this;
    return { row: Buffer.concat(this.rows), fileCount, size, uncaptured, records, caches };
  }

  begin(root: string, visited: ReadonlyMap<string, Visited>, known: CachedDirectories): void {
    this.root = root;
    this.visited = visited;
    this.growing = new Map();
    this.isAsRemembered = known.size === visited.size;
    for (const [path, { record, listing, verdict, cached }] of visited) {
      if (cached !== undefined) continue;
      this.isAsRemembered &&= known.get(path)?.listing.equals(listing) === true;
      this.growing.set(path, {
        record,
        path,
        listing,
        verdict,
        leaves: [],
        isWhole: true,
        files: 0,
        size: 0,
      });
    }
  }

  end(): void {
    if (this.isAsRemembered) return;
    const directories = Array.from(this.visited, ([path, { cached }]) => {
      const growing = this.growing.get(path);
      return growing === undefined ? cached : encodeDirectory(growing);
    });
    this.caches.set(
      this.root,
      directories.filter((directory) => directory !== undefined),
    );
  }

  addUntouched({ row, files, size }: Untouched): void {
    this.rows.push(row);
    this.fileCount += files;
    this.size += size;
  }

  add(item: Item, capture: Capture): void {
    const captured = this.known(item) ?? this.capture(item, capture);
    if (captured === undefined) return;
    this.rows.push(rowOf(captured.leaf));
    this.records.set(item.path, captured.record);
    if (captured.isFile) {
      this.fileCount += 1;
      this.size += captured.record.size;
    }
    this.remember(item, captured);
  }

  /** What is untouched needs not even be taken apart, unless other names may be of the same file. */
  private known({ record, known, problem }: Item): CapturedLeaf | undefined {
    const isFile = record.kind === "file";
    if (known === undefined || (isFile && record.links > 1) || problem !== undefined) return undefined;
    return { leaf: known, record, isFile, isCertain: true };
  }

  private capture(item: Item, capture: Capture): CapturedLeaf | undefined {
    const captured = capture.entryOf(item);
    if (captured === undefined) return undefined;
    const { entry, record } = captured;
    const reason = whyUncaptured(entry);
    if (reason !== undefined) this.uncaptured.push({ path: entry.path, reason });
    const bytes = encodeEntry(entry);
    const isUnchanged = item.known?.equals(bytes) === true;
    return {
      leaf: isUnchanged ? (item.known as Buffer) : bytes,
      record,
      isFile: entry.type === "file",
      isCertain: reason === undefined && this.isCertain(item.record, record),
    };
  }

  private isCertain(found: FileRecord, captured: FileRecord): boolean {
    return isUntouched(found, captured) && found.changed < this.trustBefore && !captured.untimed;
  }

  private remember({ directory, index, record, known }: Item, captured: CapturedLeaf): void {
    const kept = captured.isCertain ? captured.leaf : undefined;
    if (kept !== known) this.isAsRemembered = false;
    if (index === undefined) {
      if (kept !== known) this.forget(directory);
      return;
    }
    const growing = this.growing.get(directory) as Growing;
    growing.leaves[index] = kept;
    // Another name of a file is one only as long as the first one is there.
    growing.isWhole &&= kept !== undefined && !(captured.isFile && record.links > 1);
    if (!captured.isFile) return;
    growing.files += 1;
    growing.size += record.size;
  }

  /** Nothing of the directory, although nothing in it had changed when it was listed. */
  private forget(directory: string): void {
    const { record, listing, verdict } = this.visited.get(directory) as Visited;
    const nothing = { leaves: [], isWhole: false, files: 0, size: 0 };
    this.growing.set(directory, { record, path: directory, listing, verdict, ...nothing });
  }
}

/** `isCertain`: it can be known again by its record. */
type CapturedLeaf = Readonly<{ leaf: Buffer; record: FileRecord; isFile: boolean; isCertain: boolean }>;

function whyUncaptured(entry: Entry): string | undefined {
  if (entry.type === "unread") return entry.reason;
  if (entry.type === "other") return "neither file, directory nor link";
  return entry.type === "file" && entry.unstable ? "it changed each time it was read" : undefined;
}
