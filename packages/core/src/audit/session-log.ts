// The log of one session while it runs: only this process appends to it.

import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, writeSync } from "node:fs";
import { NonoError } from "../error.ts";
import { hex } from "../hash/digest.ts";
import { Frontier } from "../hash/frontier.ts";
import { checkpointText, originOf } from "./checkpoint.ts";
import type { LogEnd } from "./head.ts";
import { type AuditEntry, encodeLine, hashOfLine, NOTHING } from "./line.ts";
import type { SessionKey } from "./session-key.ts";
import { signNote, signNoteNow, type Verifier } from "./signed-note.ts";

/** When a checkpoint is due by itself. */
export type CheckpointPace = Readonly<{ events: number; milliseconds: number }>;

const PACE: CheckpointPace = { events: 1000, milliseconds: 1000 };

export type OpenLog = Readonly<{
  session: string;
  file: string;
  /** For appending; closed with the log, and with it the lock on the file. */
  descriptor: number;
  key: SessionKey;
  /** Called with the last line on the disk, once. */
  onEnd: (end: LogEnd) => void;
  pace?: CheckpointPace;
  now?: () => Date;
}>;

export class SessionLog {
  readonly #log: OpenLog;
  #tree = new Frontier();
  readonly #pace: CheckpointPace;
  #previous = NOTHING;
  /** Bytes of whole lines. */
  #length = 0;
  /** Lines since the last checkpoint. */
  #unsigned = 0;
  #timer: NodeJS.Timeout | undefined;
  #failure: NonoError | undefined;
  #closed = false;
  /** The group of the sync that is under way, and of the one behind it. */
  #syncing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  constructor(log: OpenLog) {
    this.#log = log;
    this.#pace = log.pace ?? PACE;
  }

  get session(): string {
    return this.#log.session;
  }

  /** The log as far as it was written. */
  get end(): LogEnd {
    return { session: this.#log.session, size: this.#tree.size, root: hex(this.#tree.root()) };
  }

  /**
   * The first line, and a checkpoint of it that signs `extension`, too.
   * @returns the tree of the first line alone. @throws NonoError `audit-failed`
   */
  async start(entry: AuditEntry, extension: string): Promise<LogEnd> {
    this.#write([entry]);
    const { end } = this;
    await this.#writeSigned([], [extension]);
    return end;
  }

  /**
   * In the file when it returns, with one write(2): it outlives this process. For a loss of power see `sync`.
   *
   * @throws NonoError `audit-failed`: nothing of it is in the log; once it has failed, always
   */
  append(...entries: readonly AuditEntry[]): void {
    if (entries.length === 0) return;
    this.#write(entries);
    if (this.#unsigned >= this.#pace.events) this.#writeSignedNow([]);
    else this.#timer ??= setTimeout(() => this.#pulse(), this.#pace.milliseconds).unref();
  }

  /** The same, and a checkpoint behind it. On the disk when it resolves. @throws NonoError `audit-failed` */
  async commit(...entries: readonly AuditEntry[]): Promise<void> {
    this.#writeSignedNow(entries);
    await this.sync();
  }

  /** All that was appended is on the disk when it resolves; those who wait at once share one call. */
  sync(): Promise<void> {
    this.#waiting ??= (this.#syncing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#syncing = this.#waiting;
        this.#waiting = undefined;
        return this.#fdatasync();
      });
    return this.#waiting;
  }

  /** The same, and nothing else goes on meanwhile. @throws NonoError `audit-failed` */
  syncNow(): void {
    this.#attempt(() => fdatasyncSync(this.#log.descriptor));
  }

  /** The last line. On the disk when it resolves. @throws NonoError `audit-failed` */
  async finish(entry: AuditEntry): Promise<void> {
    try {
      await this.#writeSigned([entry]);
      this.syncNow();
      this.#log.onEnd(this.end);
    } finally {
      this.close();
    }
  }

  /** Without an end it shows as interrupted. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    closeSync(this.#log.descriptor);
  }

  /** What was written since the last checkpoint gets one; a failure shows with the next event. */
  #pulse(): void {
    this.#timer = undefined;
    if (this.#closed || this.#failure !== undefined || this.#unsigned === 0) return;
    try {
      this.#writeSignedNow([]);
    } catch {
      return;
    }
    this.sync().catch(() => undefined);
  }

  #fdatasync(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined || this.#closed)
        return reject(this.#failure ?? this.#failed("it is closed"));
      fdatasync(this.#log.descriptor, (error) => {
        if (error === null) return resolve();
        this.#failure = this.#failed(reasonOf(error), error);
        reject(this.#failure);
      });
    });
  }

  #write(entries: readonly AuditEntry[]): void {
    this.#take(this.#draw(entries), entries.length);
  }

  /** Entries and a checkpoint behind them, with one write(2). */
  #writeSignedNow(entries: readonly AuditEntry[], extensions: readonly string[] = []): void {
    const drawn = this.#draw(entries);
    const [text, verifier] = this.#toSign(drawn, extensions);
    this.#takeSigned(drawn, signNoteNow(text, verifier, this.#log.key.secret));
  }

  /** The same; what was written while it was signed stands before them. */
  async #writeSigned(entries: readonly AuditEntry[], extensions: readonly string[] = []): Promise<void> {
    const drawn = this.#draw(entries);
    const before = this.#tree;
    const [text, verifier] = this.#toSign(drawn, extensions);
    const note = await signNote(text, verifier, this.#log.key.secret);
    const isNext = this.#tree === before && !this.#closed && this.#failure === undefined;
    if (isNext) this.#takeSigned(drawn, note);
    else this.#writeSignedNow(entries, extensions);
  }

  #draw(entries: readonly AuditEntry[]): Drawn {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw this.#failed("it is closed");
    const at = (this.#log.now?.() ?? new Date()).toISOString();
    const drawn: Drawn = { tree: this.#tree.copy(), at, previous: this.#previous, lines: [] };
    for (const entry of entries) draw(drawn, entry);
    return drawn;
  }

  #take({ tree, previous, lines }: Drawn, unsigned: number): void {
    this.#put(Buffer.concat(lines));
    this.#tree = tree;
    this.#previous = previous;
    this.#unsigned += unsigned;
  }

  #takeSigned(drawn: Drawn, note: string): void {
    draw(drawn, { kind: "checkpoint", data: { note } });
    this.#take(drawn, 0);
    this.#unsigned = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #toSign({ tree }: Drawn, extensions: readonly string[]): [string, Verifier] {
    const origin = originOf(this.#log.session);
    const text = checkpointText({ origin, size: tree.size, root: tree.root(), extensions });
    return [text, { name: origin, key: this.#log.key.key }];
  }

  /** Whole, or not at all. */
  #put(bytes: Buffer): void {
    this.#attempt(() => {
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(this.#log.descriptor, bytes, written);
      } catch (error) {
        ftruncateSync(this.#log.descriptor, this.#length);
        throw error;
      }
    });
    this.#length += bytes.length;
  }

  /** After a failure nobody knows what the disk has: nothing is recorded any more. */
  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failure = this.#failed(reasonOf(error), error);
      throw this.#failure;
    }
  }

  #failed(reason: string, cause?: unknown): NonoError {
    return new NonoError({ code: "audit-failed", file: this.#log.file, reason }, { cause });
  }
}

const LINE_BREAK = Buffer.from("\n");

/** Lines that are not written yet, and what they make of the log. */
type Drawn = { readonly tree: Frontier; readonly at: string; previous: string; readonly lines: Buffer[] };

function draw(drawn: Drawn, entry: AuditEntry): void {
  const { tree, at, previous, lines } = drawn;
  const line = encodeLine({ ...entry, n: tree.size, at }, previous);
  const hash = hashOfLine(line);
  tree.push(hash);
  drawn.previous = hex(hash);
  lines.push(line, LINE_BREAK);
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
