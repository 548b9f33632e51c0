// The store of all sessions: where contents are shared, and sessions are found.

import { readdirSync } from "node:fs";
import { NonoError } from "../error.ts";
import type { Addon } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import { type Lock, tryLock } from "../native/locks.ts";
import { fileName } from "../text/bytes.ts";
import { compareSessions } from "../text/session-order.ts";
import type { Filter } from "./filter.ts";
import { ObjectStore } from "./object-store.ts";
import { isSessionId, SessionFiles } from "./session-files.ts";
import { SnapshotSession } from "./snapshot-session.ts";
import { layOut, type StoreLayout } from "./store-layout.ts";

/** @param directory absolute; made when it is missing, for the owner only */
export function openSnapshots(directory: string): SnapshotStore {
  return new SnapshotStore(layOut(directory), loadAddon());
}

export class SnapshotStore {
  readonly layout: StoreLayout;
  readonly objects: ObjectStore;
  readonly addon: Addon;

  constructor(layout: StoreLayout, addon: Addon) {
    this.layout = layout;
    this.objects = new ObjectStore(layout);
    this.addon = addon;
  }

  /** Ids of all sessions with snapshots, newest first as their names go. */
  sessions(): string[] {
    return readdirSync(fileName(this.layout.sessions))
      .filter((id) => isSessionId(id) && new SessionFiles(this.layout, id).exists())
      .sort(compareSessions)
      .reverse();
  }

  /** To look at; nothing is locked. @throws NonoError `session-unknown` */
  look(id: string): SessionFiles {
    const files = new SessionFiles(this.layout, id);
    if (!files.exists()) throw new NonoError({ code: "session-unknown", session: id });
    return files;
  }

  /** Whether a process has it open: it runs, or is being restored. */
  isOpen(id: string): boolean {
    const lock = tryLock(this.addon, this.look(id).lockFile, true);
    lock?.release();
    return lock === undefined;
  }

  /**
   * A new session, held by this process until it is closed.
   * @param roots canonical paths that the session may write; what lies in another of them is left out
   * @param command what it runs, to tell it from others
   * @throws NonoError `session-locked` when there is one that is open
   */
  create(id: string, roots: readonly string[], filter: Filter, command?: readonly string[]): SnapshotSession {
    const files = new SessionFiles(this.layout, id);
    files.makeDirectory();
    const lock = this.lock(files);
    const told = command === undefined ? {} : { command };
    files.create({ id, roots: outermost(roots), filter, started: Date.now(), ...told });
    return new SnapshotSession(this.addon, this.objects, files, lock);
  }

  /** @throws NonoError `session-unknown`, `session-locked` */
  open(id: string): SnapshotSession {
    const files = this.look(id);
    return new SnapshotSession(this.addon, this.objects, files, this.lock(files));
  }

  private lock(files: SessionFiles): Lock {
    const lock = tryLock(this.addon, files.lockFile, true);
    if (lock === undefined) throw new NonoError({ code: "session-locked", session: files.id });
    return lock;
  }

  close(): void {
    this.objects.close();
  }
}

function outermost(roots: readonly string[]): string[] {
  const sorted = [...new Set(roots)].sort();
  return sorted.filter((root) => !sorted.some((other) => other !== root && root.startsWith(`${other}/`)));
}
