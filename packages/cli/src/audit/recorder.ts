// The record of one run while it runs.

import type { AuditEntry, AuditStore, Ending, Request, SessionLog, Witness } from "nono-ts";
import type { RunEvent } from "../run/companion.ts";
import { decisionEntry, entryOf, observationEntry } from "./describe.ts";
import { entry, type SessionData } from "./event.ts";
import { type OpenExecutable, openExecutable } from "./executable-digest.ts";
import type { KnownDigests } from "./known-digests.ts";
import type { Redactor } from "./redact.ts";
import { knownDigestsOf } from "./store.ts";

/** Refusals about other processes that are recorded one by one: such a call costs a program nothing else. */
const OTHERS_MAX = 4096;

/** Events of one write: a call has room for so many arguments, and a program can do more while we are busy. */
const TOGETHER = 1000;

export class Recorder {
  readonly #log: SessionLog;
  readonly #redactor: Redactor;
  readonly #counts = new Map<string, number>();
  readonly #executable: OpenExecutable;
  readonly #known: KnownDigests;
  /** Resolves when it is recorded. */
  #digest: Promise<void> | undefined;
  #failure: unknown;
  #hasEnded = false;
  readonly #others = new Set<string>();

  private constructor(log: SessionLog, redactor: Redactor, executable: OpenExecutable, known: KnownDigests) {
    this.#log = log;
    this.#redactor = redactor;
    this.#executable = executable;
    this.#known = known;
  }

  /** The command runs: now there is time. */
  started(): void {
    this.#digest = this.#executable.digest(this.#known).then((digest) => {
      if (digest !== undefined) this.add(entry("executable", digest));
    });
  }

  /**
   * The start is on the disk when it resolves.
   *
   * @param meanwhile done while it is waited for the disk
   * @throws as `AuditStore.begin`
   */
  static async begin(
    store: AuditStore,
    session: string,
    start: SessionData["start"],
    redactor: Redactor,
    meanwhile: () => Promise<void>,
  ): Promise<Recorder> {
    const executable = openExecutable(start.executable);
    try {
      const log = await store.begin(session, redactor.data(entry("start", start).data), {
        async meanwhile() {
          await meanwhile();
          executable.readAhead();
        },
      });
      return new Recorder(log, redactor, executable, knownDigestsOf(store));
    } catch (error) {
      executable.close();
      throw error;
    }
  }

  /** Why nothing is recorded any more. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * An answer is on the disk, under a checkpoint, before it holds.
   * @throws NonoError `audit-failed` for an answer, which then does not hold; for anything else see `failure`
   */
  async happened(event: RunEvent): Promise<void> {
    const made = entryOf(event);
    if (made === undefined) return;
    if (event.kind === "answered") await this.#commit(made);
    else this.add(made);
  }

  /** What is allowed is in the file before it is. */
  readonly witness: Witness = {
    decided: (kind: "allowed" | "denied", request: Request) => {
      if (this.#isAgain(request)) this.#count("repeated");
      else this.add(decisionEntry(kind, request));
      if (this.#failure !== undefined) throw this.#failure;
    },
    observed: (list) => {
      for (let at = 0; at < list.length; at += TOGETHER)
        this.add(...list.slice(at, at + TOGETHER).map(observationEntry));
    },
  };

  /** In the file when it returns. */
  add(...entries: readonly AuditEntry[]): void {
    try {
      this.#log.append(...entries.map((one) => this.#counted(one)));
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async #commit(made: AuditEntry): Promise<void> {
    try {
      await this.#log.commit(this.#counted(made));
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  /** Of other processes each process is recorded once for each that it meets; the rest is counted. */
  #isAgain({ operation, reason, process, ...about }: Request): boolean {
    if (reason !== "outside") return false;
    const which = "object" in about ? about.object : "other" in about ? about.other?.pid : undefined;
    const key = [operation, which, process.pid].join(" ");
    if (this.#others.has(key) || this.#others.size >= OTHERS_MAX) return true;
    this.#others.add(key);
    return false;
  }

  #count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  #counted({ kind, data }: AuditEntry): AuditEntry {
    this.#count(kind);
    return { kind, data: this.#redactor.data(data) };
  }

  async ended({ code, signal }: Ending): Promise<void> {
    await this.#digest;
    await this.#finish({ exit_code: code, signal });
  }

  /** One that was begun and could not be started is not to look like one whose nono was killed. */
  async close(): Promise<void> {
    if (this.#digest === undefined && !this.#hasEnded)
      await this.#finish({ exit_code: null, signal: null, started: false });
    this.#executable.close();
    this.#log.close();
  }

  async #finish(end: Omit<SessionData["end"], "counts">): Promise<void> {
    this.#hasEnded = true;
    try {
      await this.#log.finish(entry("end", { ...end, counts: Object.fromEntries(this.#counts) }));
    } catch (error) {
      this.#failure ??= error;
    }
  }
}
