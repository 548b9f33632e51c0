// One log, read again from its first line: chain, tree, signatures. What the log says of itself; what other logs say of it
// is compared in check-links.ts.

import { hex } from "../hash/digest.ts";
import { Frontier } from "../hash/frontier.ts";
import type { TreeHead } from "../hash/proof.ts";
import type { JsonObject } from "./canonical.ts";
import { type Checkpoint, originOf, parseCheckpoint } from "./checkpoint.ts";
import type { LogEnd } from "./head.ts";
import {
  type AuditEvent,
  type DecodedLine,
  decodeLine,
  eventOf,
  frameOf,
  hashOfLine,
  type LineFrame,
  NOTHING,
} from "./line.ts";
import { linkExtension, linkOf, type SessionLink } from "./link.ts";
import { LogLines } from "./log-lines.ts";
import { isSigned, parseNote } from "./signed-note.ts";

export type LogReport = Readonly<{
  session: string;
  /** Whole lines that are as they should be, from the first one. */
  end: LogEnd;
  /** Of these lines, how many a checkpoint covers, and the last of them. */
  signed: number;
  checkpoint: Checkpoint | undefined;
  checkpoints: number;
  /** Its first line, if that can be believed. */
  link: SessionLink | undefined;
  /** The root of the first line alone, and the signed checkpoint of it. */
  first: string | undefined;
  begun: string | undefined;
  /** Whether its last event is its end, covered by a checkpoint. */
  ended: boolean;
  /** Bytes behind the last line break. */
  cutOff: number;
  problems: readonly string[];
  /** Of the roots that were asked for, those that the log has at that size. */
  agreed: readonly TreeHead[];
}>;

export type CheckOptions = Readonly<{
  /** Trees that the log is to continue. */
  heads?: readonly TreeHead[];
  /** Those that `onLine` is told of, beside the first line and checkpoints. */
  kinds?: ReadonlySet<string>;
  /** Lines, in their order, that are as they should be; `eventOf` gives the event of one. */
  onLine?: (line: DecodedLine) => void;
  /** Each line's hash. */
  onLeaf?: (hash: Buffer) => void;
  /** Asked with the first event; false: no further line is looked at. */
  readOn?: (first: AuditEvent) => boolean;
}>;

/** @throws the file system's own error */
export function checkLog(file: string, session: string, options: CheckOptions = {}): LogReport {
  const lines = new LogLines(file);
  try {
    const check = new LogCheck(session, options);
    for (const line of lines.next()) if (!check.add(line)) break;
    return check.report(lines.remainder);
  } finally {
    lines.close();
  }
}

class LogCheck {
  readonly #session: string;
  readonly #options: CheckOptions;
  readonly #wanted: ReadonlyMap<number, readonly TreeHead[]>;
  readonly #tree = new Frontier();
  readonly #problems: string[] = [];
  readonly #agreed: TreeHead[] = [];
  #previous = NOTHING;
  #link: SessionLink | undefined;
  #first: string | undefined;
  #extension: string | undefined;
  #begun: string | undefined;
  #checkpoint: Checkpoint | undefined;
  #checkpoints = 0;
  #signed = 0;
  #ended: "no" | "said" | "signed" = "no";

  constructor(session: string, options: CheckOptions) {
    this.#session = session;
    this.#options = options;
    this.#wanted = grouped(options.heads ?? []);
  }

  /** @returns whether it makes sense to read on */
  add(line: Buffer): boolean {
    const frame = this.#readAsNeeded(line);
    const problem = frame === undefined ? "is no event" : this.#problemOf(frame);
    if (frame === undefined || problem !== undefined) {
      this.#problems.push(`line ${this.#tree.size + 1} ${problem}`);
      return false;
    }
    const hash = hashOfLine(line);
    this.#tree.push(hash);
    this.#previous = hex(hash);
    this.#first ??= this.#previous;
    if (frame.kind === "checkpoint") this.#signed = this.#tree.size;
    this.#options.onLeaf?.(hash);
    if (isDecoded(frame)) this.#options.onLine?.(frame);
    this.#compare();
    return frame.n > 0 || !isDecoded(frame) || this.#options.readOn?.(eventOf(frame)) !== false;
  }

  /** Of a million lines most are only links of the chain. */
  #readAsNeeded(line: Buffer): DecodedLine | LineFrame | undefined {
    const frame = this.#tree.size === 0 ? undefined : frameOf(line);
    if (frame === undefined || frame.kind === "checkpoint" || this.#options.kinds?.has(frame.kind))
      return decodeLine(line);
    return frame;
  }

  #problemOf(line: DecodedLine | LineFrame): string | undefined {
    if (line.n !== this.#tree.size) return `has the number ${line.n}, not ${this.#tree.size}`;
    if (line.previous !== this.#previous) return "does not continue the line before it";
    if (this.#ended === "signed") return "stands behind the end";
    if (isDecoded(line) && line.n === 0) return this.#begin(line);
    if (isDecoded(line) && line.kind === "checkpoint") return this.#sign(line);
    if (this.#ended === "said") return "stands between the end and its checkpoint";
    if (line.kind === "end") this.#ended = "said";
    return undefined;
  }

  #begin(line: DecodedLine): string | undefined {
    this.#link = line.kind === "start" ? linkOf(line.data) : undefined;
    if (this.#link === undefined) return "is no beginning of a log";
    this.#extension = linkExtension(line.data.link as JsonObject);
    if (this.#link.session === this.#session) return undefined;
    const { session } = this.#link;
    this.#link = undefined;
    return `begins the log of session ${session}`;
  }

  #sign(line: DecodedLine): string | undefined {
    const text = line.data.note;
    const note = typeof text === "string" ? parseNote(text) : undefined;
    const checkpoint = typeof text === "string" ? parseCheckpoint(text) : undefined;
    if (note === undefined || checkpoint === undefined || this.#link === undefined) return "is no checkpoint";
    const origin = originOf(this.#session);
    const { size, root } = checkpoint;
    if (checkpoint.origin !== origin || size !== this.#tree.size || !root.equals(this.#tree.root()))
      return "is the checkpoint of other events";
    if (!isSigned(note, { name: origin, key: this.#link.key }))
      return "is a checkpoint without a valid signature";
    if (this.#checkpoints === 0) {
      if (checkpoint.extensions?.[0] !== this.#extension) return "is the checkpoint of another beginning";
      this.#begun = text as string;
    }
    this.#checkpoint = checkpoint;
    this.#checkpoints += 1;
    if (this.#ended === "said") this.#ended = "signed";
    return undefined;
  }

  #compare(): void {
    const wanted = this.#wanted.get(this.#tree.size);
    if (wanted === undefined) return;
    const root = this.#tree.root();
    this.#agreed.push(...wanted.filter((head) => head.root.equals(root)));
  }

  report(cutOff: number): LogReport {
    const { size } = this.#tree;
    if (size === 0 && this.#problems.length === 0) this.#problems.push("it is empty");
    if (this.#ended === "said" && this.#problems.length === 0)
      this.#problems.push("the checkpoint of its end is missing");
    if (this.#ended === "signed" && cutOff > 0) this.#problems.push("something stands behind its end");
    return {
      session: this.#session,
      end: { session: this.#session, size, root: hex(this.#tree.root()) },
      signed: this.#signed,
      checkpoint: this.#checkpoint,
      checkpoints: this.#checkpoints,
      link: this.#link,
      first: this.#first,
      begun: this.#begun,
      ended: this.#ended === "signed",
      cutOff,
      problems: this.#problems,
      agreed: this.#agreed,
    };
  }
}

function isDecoded(line: DecodedLine | LineFrame): line is DecodedLine {
  return "data" in line;
}

function grouped(heads: readonly TreeHead[]): ReadonlyMap<number, readonly TreeHead[]> {
  const bySize = new Map<number, TreeHead[]>();
  for (const head of heads) bySize.set(head.size, [...(bySize.get(head.size) ?? []), head]);
  return bySize;
}
