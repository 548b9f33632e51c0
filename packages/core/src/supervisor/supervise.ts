// A supervisor for one sandbox: what its threads do not decide comes here, is decided by policy or by whoever was asked,
// and goes back. Every error on the way is a refusal.

import type { ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import os from "node:os";
import { halvesOf } from "../capability/access.ts";
import { type AccessMode, checkedAccess, checkedOneOf, type PathKind } from "../capability/index.ts";
import { NonoError } from "../error.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { NEWEST_ABI, rightsOf } from "../landlock/rights.ts";
import type { NativeCounts, NativeRequest, NativeSupervisor } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import type { Destination, SupervisedPath, Supervision } from "../plan/supervision.ts";
import { takeUnsupervised } from "../process/spawn.ts";
import { decide } from "./decide.ts";
import { encodeTable } from "./encode-table.ts";
import { EventQueue } from "./event-queue.ts";
import { processInfo } from "./process-info.ts";
import { type Observation, readNotes } from "./read-notes.ts";
import { readRequest } from "./read-request.ts";
import { type Answer, answerOf, denied, type Request } from "./request.ts";

/** For whoever keeps a record. */
export type Witness = Readonly<{
  /** Before the answer holds, whoever gave it: a throw refuses what was allowed. */
  decided(kind: "allowed" | "denied", request: Request): void;
  /** What goes on without a question, in its order; meanwhile it goes on. Never throws. */
  observed(list: readonly Observation[]): void;
}>;

export type SuperviseOptions = Readonly<{
  witness?: Witness;
  /**
   * Asked for what no grant covers; the process waits in that one call, and everything else goes on. A rejection is a
   * refusal. Absent: refused at once.
   *
   * @param withdrawn aborts when nobody waits for the answer any more
   */
  onRequest?: (request: Request, withdrawn: AbortSignal) => Answer | Promise<Answer>;
  /** Internet destinations within reach, beside what the capability set grants. */
  destinations?: readonly Destination[];
  /** What is read as /etc/hosts, in place of what is there: names that programs find without a name server. */
  hosts?: string;
  /** Most requests that wait for an answer at once; more are refused. */
  waiting?: number;
  /** How long a request may wait before it is refused, in milliseconds; 0, the default: as long as it takes. */
  deadline?: number;
}>;

export type SupervisorEvent =
  | Readonly<{ kind: "asked" | "allowed" | "denied"; request: Request }>
  /** Its process has ended, or it waited too long. */
  | Readonly<{ kind: "withdrawn"; request: Request }>
  /** The last process of the sandbox has ended; or, with an error number, nothing can be answered any more. */
  | Readonly<{ kind: "ended"; errno: number }>;

/** What is granted from now on, to be served on behalf. */
export type FurtherGrant = Readonly<{ path: CanonicalPath; kind: PathKind; access: AccessMode }>;

export interface Supervisor extends AsyncIterable<SupervisorEvent> {
  /** Denials and protected names inside keep their meaning: the deepest rule decides. @throws NonoError `invalid-value` */
  grant(...grants: readonly FurtherGrant[]): void;
  /** Of calls, from the start until now or until it was closed. */
  counts(): Counts;
  /** Refuses what waits. Calls of processes that are left fail from now on. It closes by itself when none is left. */
  close(): void;
}

const WAITING = 4096;
/** `enum answer_kind` of supervise.h. */
const ANSWER = { error: 0, continue: 1, perform: 2 };
const ERRNO = os.constants.errno;

/** `untold`: events that nobody fetched in time. */
export type Counts = NativeCounts & Readonly<{ untold: number }>;

const NONE: NativeCounts = {
  received: 0,
  continued: 0,
  performed: 0,
  asked: 0,
  waiting: 0,
  threads: 0,
  refused: { parked: 0, descriptors: 0, threads: 0, deadline: 0, unreadable: 0 },
};

/**
 * Supervises the sandbox whose launcher hands its listener over on `channel`, which stays the caller's to close.
 *
 * @throws NonoError `plan-too-large`; the addon's own error where no thread can be had
 */
export function superviseChannel(
  channel: number,
  supervision: Supervision,
  options: SuperviseOptions = {},
): Supervisor {
  return new ChannelSupervisor(channel, supervision, options, false);
}

/** The same, but the command is not started before `letGo` was called. */
export function superviseHeld(
  channel: number,
  supervision: Supervision,
  options: SuperviseOptions,
): Readonly<{ supervisor: Supervisor; letGo: () => void }> {
  const supervisor = new ChannelSupervisor(channel, supervision, options, true);
  return { supervisor, letGo: () => supervisor.letGo() };
}

/**
 * Supervises a child of `spawn(…, { supervised: true })`, which starts now.
 *
 * @throws NonoError `not-supervised` for any other child, or the second time; else as `superviseChannel`
 */
export function supervise(child: ChildProcess, options: SuperviseOptions = {}): Supervisor {
  const taken = takeUnsupervised(child);
  if (taken === undefined) throw new NonoError({ code: "not-supervised", command: child.spawnfile });
  try {
    return superviseChannel(taken.channel, taken.supervision, options);
  } finally {
    closeSync(taken.channel);
  }
}

/** Milliseconds that notes are gathered: a build makes hundreds a second, and to be woken for each is what they cost most. */
const GATHERED = 20;

class ChannelSupervisor implements Supervisor {
  readonly #native: NativeSupervisor;
  readonly #options: SuperviseOptions;
  readonly #events = new EventQueue<SupervisorEvent>();
  readonly #waiting = new Map<number, Readonly<{ request: Request; withdraw: AbortController }>>();
  readonly #supervision: Supervision;
  readonly #held: boolean;
  /** Once it was closed. */
  #last: NativeCounts = NONE;
  #observing: NodeJS.Timeout | undefined;
  #hasObserved = false;

  constructor(channel: number, supervision: Supervision, options: SuperviseOptions, held: boolean) {
    this.#supervision = supervision;
    this.#held = held;
    this.#options = options;
    this.#native = loadAddon().supervise(channel, this.#table(supervision), (...told) => {
      switch (told[0]) {
        case "request":
          return this.#receive(told[1]);
        case "withdrawn":
          return this.#withdraw(told[1]);
        case "noted":
          return this.#noted();
        case "ended":
          return this.#end(told[1]);
      }
    });
    if (options.hosts !== undefined) this.#showHosts(options.hosts);
  }

  #showHosts(text: string): void {
    try {
      const file = loadAddon().memfd("hosts", Buffer.from(text));
      try {
        this.#native.standIn("/etc/hosts", file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      this.#native.close();
      throw error;
    }
  }

  grant(...grants: readonly FurtherGrant[]): void {
    const paths = grants.map(servedPath);
    this.#native.extend(
      this.#table({ ...this.#supervision, paths, splits: [], patterns: [], executables: [] }),
    );
  }

  letGo(): void {
    this.#native.letGo();
  }

  counts(): Counts {
    return { ...(this.#native.count() ?? this.#last), untold: this.#events.dropped };
  }

  close(): void {
    this.#last = this.counts();
    this.#observe();
    this.#native.close();
    for (const ticket of [...this.#waiting.keys()]) this.#withdraw(ticket);
    this.#events.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<SupervisorEvent> {
    return this.#events[Symbol.asyncIterator]();
  }

  #table(supervision: Supervision): Buffer {
    const { waiting = WAITING, deadline = 0, witness } = this.#options;
    return encodeTable(supervision, { waiting, deadline, notes: witness !== undefined, held: this.#held });
  }

  /** Never throws: it is called from outside of JavaScript. */
  #receive(native: NativeRequest): void {
    if (this.#observing !== undefined) this.#observe(); // what was noted came before
    let request: Request | undefined;
    try {
      request = readRequest(native, processInfo(native.thread, process.pid));
    } catch {
      request = undefined;
    }
    if (request === undefined) {
      this.#native.answer(native.ticket, ANSWER.error, ERRNO.EACCES);
      return;
    }
    const decided = decide(request, {
      destinations: [...this.#supervision.destinations, ...(this.#options.destinations ?? [])],
      listens: this.#supervision.listens,
    });
    if (decided !== undefined || this.#options.onRequest === undefined)
      this.#answer(request, decided ?? denied);
    else void this.#ask(request, this.#options.onRequest);
  }

  async #ask(request: Request, onRequest: NonNullable<SuperviseOptions["onRequest"]>): Promise<void> {
    const withdraw = new AbortController();
    this.#waiting.set(request.id, { request, withdraw });
    this.#events.push({ kind: "asked", request });
    let answer: Answer = denied;
    try {
      answer = answerOf(await onRequest(request, withdraw.signal));
    } catch {
      answer = denied;
    }
    if (this.#waiting.delete(request.id)) this.#answer(request, answer);
  }

  #answer(request: Request, wanted: Answer): void {
    const answer = this.#witnessed(request, wanted);
    const kind = answer.allow ? (isTheKernels(request) ? ANSWER.continue : ANSWER.perform) : ANSWER.error;
    const errno = answer.allow ? 0 : ERRNO[answer.errno ?? refusalOf(request)];
    if (!this.#native.answer(request.id, kind, errno)) this.#events.push({ kind: "withdrawn", request });
    else this.#events.push({ kind: answer.allow ? "allowed" : "denied", request });
  }

  /** What cannot be recorded is not allowed. */
  #witnessed(request: Request, answer: Answer): Answer {
    try {
      this.#options.witness?.decided(answer.allow ? "allowed" : "denied", request);
      return answer;
    } catch {
      return denied;
    }
  }

  /** The first is the command's own execution: while it starts there is nothing else to do. */
  #noted(): void {
    if (this.#hasObserved) this.#observing ??= setTimeout(() => this.#observe(), GATHERED);
    else this.#observe();
  }

  #observe(): void {
    this.#hasObserved = true;
    clearTimeout(this.#observing);
    this.#observing = undefined;
    const notes = this.#options.witness && this.#native.notes();
    if (notes) this.#options.witness?.observed(readNotes(notes));
  }

  #withdraw(ticket: number): void {
    const waiting = this.#waiting.get(ticket);
    if (waiting === undefined) return;
    this.#waiting.delete(ticket);
    this.#events.push({ kind: "withdrawn", request: waiting.request });
    waiting.withdraw.abort();
  }

  #end(errno: number): void {
    this.#events.push({ kind: "ended", errno });
    this.close();
  }
}

function servedPath({ path, kind, access }: FurtherGrant): SupervisedPath {
  checkedOneOf("grant", kind, ["directory", "file"]);
  const halves = halvesOf(checkedAccess("grant", access));
  const behalf = halves.reduce((mask, half) => mask | rightsOf(half, kind, NEWEST_ABI), 0n);
  return { path, native: 0n, behalf, denied: 0n, verify: false };
}

/** What nobody can do for another process; a rule of the kernel decides again. */
function isTheKernels({ operation }: Request): boolean {
  return operation === "execute";
}

/** What the kernel answers where Unix permissions refuse the same. */
function refusalOf({ operation }: Request): "EACCES" | "EPERM" {
  return NOT_PERMITTED.has(operation) ? "EPERM" : "EACCES";
}

const NOT_PERMITTED: ReadonlySet<Request["operation"]> = new Set([
  ...(["chmod", "chown", "utime", "xattr"] as const),
  ...(["schedule", "limit", "signal"] as const),
]);
