// All tracked roots as leaves: walk and count first, then take what the cache does not know, which is read meanwhile.

import type { Addon } from "../native/addon.ts";
import { breather } from "./breath.ts";
import type { CapturedLeaf } from "./cached-directory.ts";
import { Capture } from "./capture.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import { type Entry, encodeEntry } from "./entry.ts";
import { type FileRecord, isUntouched } from "./file-record.ts";
import { compileFilter, type Filter } from "./filter.ts";
import { KnownTree } from "./known-tree.ts";
import type { Uncaptured } from "./manifest.ts";
import type { ObjectWriter } from "./object-writer.ts";
import { ReadAhead } from "./read-ahead.ts";
import { type Budget, type Item, type Known, meterOf, type Walked, Walker } from "./walk.ts";

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

/** `trees`: by root. */
export type CapturedTrees = Readonly<{
  /** All entries as leaves, in their order. */
  row: Buffer;
  entryCount: number;
  fileCount: number;
  size: number;
  uncaptured: readonly Uncaptured[];
  /** What each path was when it was captured, but for those in directories that are as they were known. */
  records: ReadonlyMap<string, FileRecord>;
  trees: ReadonlyMap<string, KnownTree>;
}>;

/** @throws NonoError `snapshot-budget`, `snapshot-root`; the system's error when the disk is full */
export async function captureTrees(
  addon: Addon,
  roots: ReadonlyMap<string, Known | undefined>,
  writer: ObjectWriter,
  options: CaptureOptions,
): Promise<CapturedTrees> {
  const breathe = breather();
  const judge = compileFilter(options.filter);
  const captures = new Captures(options.trustBefore);
  const walked = new Map<string, Walked>();
  const cursor = new DirectoryCursor(addon);
  const ahead = new ReadAhead(addon, options.background);
  try {
    for (const [root, known] of roots) {
      const meter = meterOf(root, options.budget);
      const offer = (item: Item) => ahead.offer(item);
      walked.set(root, await new Walker(addon, root, judge, known, meter, offer, breathe).walk());
    }
    ahead.complete();
    const capture = new Capture(addon, cursor, writer, ahead);
    for (const item of Array.from(walked.values(), (each) => each.items).flat()) {
      // Waiting for nothing takes its time, too, ten thousands of times.
      const reached = ahead.reach(item);
      if (reached !== undefined) await reached;
      captures.add(item, capture);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
  } finally {
    cursor.close();
    await ahead.close();
  }
  const { uncaptured, records } = captures;
  const trees = new Map(
    Array.from(walked, ([root, each]) => [
      root,
      treeOf(addon, each, roots.get(root)?.tree, options.trustBefore),
    ]),
  );
  const all = Array.from(trees.values(), (tree) => tree.counts(tree.all));
  return {
    row: joined(Array.from(trees.values(), (tree) => addon.joinLeaves(tree.parts.leaves))),
    entryCount: all.reduce((sum, { entries }) => sum + entries, 0),
    fileCount: all.reduce((sum, { files }) => sum + files, 0),
    size: all.reduce((sum, { size }) => sum + size, 0),
    uncaptured,
    records,
    trees,
  };
}

/** What there is to remember: of directories in which nothing changed what was known of them. */
function treeOf(
  addon: Addon,
  { directories }: Walked,
  known: KnownTree | undefined,
  trustBefore: bigint,
): KnownTree {
  const [listings, leaves]: [Buffer[], Buffer[]] = [[], []];
  for (const each of directories) {
    if (!("from" in each)) {
      each.encode(listings, leaves, trustBefore);
      continue;
    }
    const bytes = (known as KnownTree).bytes(each);
    listings.push(bytes.listings);
    leaves.push(bytes.leaves);
  }
  return new KnownTree(addon, { listings: Buffer.concat(listings), leaves: Buffer.concat(leaves) });
}

/** Of the one root that most sessions have, without a copy. */
function joined(rows: readonly Buffer[]): Buffer {
  return rows.length === 1 ? (rows[0] as Buffer) : Buffer.concat(rows);
}

class Captures {
  readonly uncaptured: Uncaptured[] = [];
  readonly records = new Map<string, FileRecord>();
  private readonly trustBefore: bigint;

  constructor(trustBefore: bigint) {
    this.trustBefore = trustBefore;
  }

  add(item: Item, capture: Capture): void {
    const captured = this.known(item) ?? this.capture(item, capture);
    if (captured === undefined) item.within.addVanished(item.index, item.isEntered);
    else item.within.add(item.index, captured);
  }

  /** What is untouched needs not even be taken apart, unless other names may be of the same file. */
  private known({ path, record, known, problem, isEntered }: Item): CapturedLeaf | undefined {
    const isFile = record.kind === "file";
    if (known === undefined || (isFile && record.links > 1) || problem !== undefined) return undefined;
    this.records.set(path, record);
    const bytes = isFile ? record.size : undefined;
    return { leaf: known, isCertain: true, isEntered, bytes, isLinked: false };
  }

  private capture(item: Item, capture: Capture): CapturedLeaf | undefined {
    const captured = capture.entryOf(item);
    if (captured === undefined) return undefined;
    const { entry, record } = captured;
    const reason = whyUncaptured(entry);
    if (reason !== undefined) this.uncaptured.push({ path: entry.path, reason });
    this.records.set(entry.path, record);
    const isFile = entry.type === "file";
    return {
      leaf: encodeEntry(entry),
      isCertain: reason === undefined && this.isCertain(item.record, record),
      isEntered: item.isEntered,
      bytes: isFile ? record.size : undefined,
      isLinked: isFile && item.record.links > 1,
    };
  }

  private isCertain(found: FileRecord, captured: FileRecord): boolean {
    return isUntouched(found, captured) && found.changed < this.trustBefore && !captured.untimed;
  }
}

function whyUncaptured(entry: Entry): string | undefined {
  if (entry.type === "unread") return entry.reason;
  if (entry.type === "other") return "neither file, directory nor link";
  return entry.type === "file" && entry.unstable ? "it changed each time it was read" : undefined;
}
