// The logs of all sessions: how one begins and ends, and where they are found.

import { closeSync, constants, existsSync, openSync, readdirSync, renameSync, unlinkSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { NonoError } from "../error.ts";
import { openRegular } from "../files/regular-file.ts";
import { synced } from "../files/synced.ts";
import type { Addon } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import { type Lock, tryLock, waitForLock } from "../native/locks.ts";
import { randomBytes } from "../random.ts";
import { fileName } from "../text/bytes.ts";
import { compareSessions } from "../text/session-order.ts";
import type { JsonObject } from "./canonical.ts";
import { checkLog } from "./check-log.ts";
import { type Head, HeadFile, type LogEnd, readHead } from "./head.ts";
import { type AuditLayout, auditLayout, isLogName, layOutAudit, logFile } from "./layout.ts";
import { linkData, linkExtension, type Sealed, type SessionLink } from "./link.ts";
import { readFirstLine } from "./read-log.ts";
import { keyOf, nextSeed, type SessionKey } from "./session-key.ts";
import { type CheckpointPace, SessionLog } from "./session-log.ts";

/** Milliseconds to wait for another session that begins or ends. */
const PATIENCE = 10_000;

/** @param directory absolute; made when it is missing, for the owner only. @throws the file system's own error */
export function openAudit(directory: string): AuditStore {
  return new AuditStore(layOutAudit(directory), loadAddon());
}

/** For reading: nothing is made. */
export function lookAtAudit(directory: string): AuditStore {
  return new AuditStore(auditLayout(directory), loadAddon());
}

/** `open`: those that a process records. */
export type Survey = Readonly<{
  sessions: readonly string[];
  open: readonly string[];
  head: Head | undefined;
}>;

export type BeginOptions = Readonly<{
  pace?: CheckpointPace;
  /** Done while it is waited for the disk. */
  meanwhile?: () => Promise<void>;
}>;

export class AuditStore {
  readonly layout: AuditLayout;
  readonly #addon: Addon;

  constructor(layout: AuditLayout, addon: Addon) {
    this.layout = layout;
    this.#addon = addon;
  }

  /** Ids of all sessions with a log, newest first as their names go. */
  sessions(): string[] {
    if (!existsSync(fileName(this.layout.sessions))) return [];
    return readdirSync(fileName(this.layout.sessions))
      .flatMap((name) => (name.endsWith(".jsonl") ? [name.slice(0, -".jsonl".length)] : []))
      .filter(isLogName)
      .sort(compareSessions)
      .reverse();
  }

  /** @throws NonoError `audit-unknown` */
  file(session: string): string {
    const file = logFile(this.layout, session);
    if (!existsSync(fileName(file))) throw new NonoError({ code: "audit-unknown", session });
    return file;
  }

  /** Whether a process has it open for recording. */
  isOpen(session: string): boolean {
    const file = logFile(this.layout, session);
    if (!existsSync(fileName(file))) return false;
    const descriptor = openRegular(file, constants.O_RDONLY);
    try {
      return !this.#addon.lockFile(descriptor, false);
    } finally {
      closeSync(descriptor);
    }
  }

  /** What there is at one moment. Whoever was killed while it began a session has begun it, or not. */
  async survey(): Promise<Survey> {
    if (!existsSync(fileName(this.layout.directory))) return { sessions: [], open: [], head: undefined };
    const lock = await this.#lock();
    try {
      const head = readHead(this.layout.head);
      if (head !== undefined) this.#finishStarting(head);
      const sessions = this.sessions();
      return { sessions, open: sessions.filter((id) => this.isOpen(id)), head };
    } finally {
      lock.release();
    }
  }

  /**
   * A new log, whose first event and its checkpoint are on the disk when it resolves.
   *
   * @param data of the first event, beside its link to the logs before
   * @throws what `meanwhile` does, and the session never was
   * @throws NonoError `audit-busy`, `audit-damaged`, `audit-full`, and the file system's own error
   */
  async begin(session: string, data: JsonObject, options: BeginOptions = {}): Promise<SessionLog> {
    const lock = await this.#lock();
    try {
      const head = new HeadFile(this.layout.head);
      try {
        return await this.#begin(head, session, data, options);
      } finally {
        head.close();
      }
    } finally {
      lock.release();
    }
  }

  async #begin(
    file: HeadFile,
    session: string,
    data: JsonObject,
    { pace, meanwhile }: BeginOptions,
  ): Promise<SessionLog> {
    const head = file.head ?? this.#newHead();
    this.#finishStarting(head);
    if (existsSync(fileName(logFile(this.layout, session))))
      throw new NonoError({ code: "audit-failed", file: logFile(this.layout, session), reason: "EEXIST" });
    const running = head.open.filter((id) => this.isOpen(id));
    const seed = Buffer.from(head.seed, "hex");
    const [key, next] = await Promise.all([keyOf(seed), nextSeed(seed)]);
    const link: SessionLink = {
      session,
      number: head.number,
      key: key.key,
      next: (await keyOf(next)).key,
      before: head.before,
      sealed: [
        ...head.ended.map((end): Sealed => ({ ...end, how: "ended" })),
        ...head.open.filter((id) => !running.includes(id)).map((id) => this.#seal(id)),
      ],
    };
    const log = this.#create(session, key, pace);
    try {
      const linked = linkData(link);
      const entry = { kind: "start", data: { ...data, link: linked } };
      const first = await log.start(entry, linkExtension(linked));
      // The log is on the disk, by its name, before its seed is used up.
      const beside = meanwhile === undefined ? undefined : nextTurn().then(meanwhile);
      // One after the other: at once they are two commits of a journal, ext4's, and so they are one.
      const written = log.sync().then(() => this.#syncDirectory());
      const both = await Promise.allSettled([written, beside]);
      for (const one of both) if (one.status === "rejected") throw one.reason;
      const seedText = next.toString("hex");
      const open = [...running, session];
      const before = { ...first, key: key.key.toString("base64") };
      file.write({ seed: seedText, number: head.number + 1, before, open, ended: [] }, true);
      renameSync(fileName(this.layout.starting), fileName(logFile(this.layout, session)));
      return log;
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /** Nobody but we read it before it has its name. */
  #create(session: string, key: SessionKey, pace: CheckpointPace | undefined): SessionLog {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;
    const descriptor = openSync(fileName(this.layout.starting), flags, 0o600);
    try {
      if (!this.#addon.lockFile(descriptor, true))
        throw new NonoError({ code: "audit-busy", directory: this.layout.directory });
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    return new SessionLog({
      session,
      file: logFile(this.layout, session),
      descriptor,
      key,
      onEnd: (end) => this.#ended(end),
      ...(pace === undefined ? {} : { pace }),
    });
  }

  /** Whoever began a session and was killed: if its seed is used up the log is one, if not it never was. */
  #finishStarting(head: Head): void {
    const { starting } = this.layout;
    if (!existsSync(fileName(starting))) return;
    const link = readFirstLine(starting);
    if (link !== undefined && link.number === head.number - 1 && head.open.includes(link.session))
      renameSync(fileName(starting), fileName(logFile(this.layout, link.session)));
    else unlinkSync(fileName(starting));
  }

  #newHead(): Head {
    const numbers = this.sessions().map((id) => readFirstLine(logFile(this.layout, id))?.number ?? -1);
    const seed = randomBytes(32).toString("hex");
    return { seed, number: Math.max(-1, ...numbers) + 1, before: null, open: [], ended: [] };
  }

  #seal(session: string): Sealed {
    const file = logFile(this.layout, session);
    if (!existsSync(fileName(file))) return { ...EMPTY, session, how: "missing" };
    const { end, ended, problems } = checkLog(file, session);
    return { ...end, how: problems.length > 0 ? "damaged" : ended ? "ended" : "interrupted" };
  }

  /** Without waiting for the disk: after a loss of power whoever comes next looks at the log itself. */
  #ended(end: LogEnd): void {
    const lock = this.#lockNow();
    if (lock === undefined) return;
    try {
      const file = new HeadFile(this.layout.head);
      try {
        const { head } = file;
        if (head === undefined || !head.open.includes(end.session)) return;
        const open = head.open.filter((id) => id !== end.session);
        file.write({ ...head, open, ended: [...head.ended, end] }, false);
      } finally {
        file.close();
      }
    } finally {
      lock.release();
    }
  }

  /** While another session begins or ends its log is enough: whoever begins next reads it. */
  #lockNow(): Lock | undefined {
    return tryLock(this.#addon, this.layout.lock, true);
  }

  async #lock(): Promise<Lock> {
    const lock = await waitForLock(this.#addon, this.layout.lock, true, PATIENCE);
    if (lock === undefined) throw new NonoError({ code: "audit-busy", directory: this.layout.directory });
    return lock;
  }

  async #syncDirectory(): Promise<void> {
    const descriptor = openSync(fileName(this.layout.sessions), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await synced(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** The root of a tree without leaves (RFC 6962). */
const EMPTY = { size: 0, root: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };
