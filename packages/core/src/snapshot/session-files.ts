// A session's part of the store: what it tracks, and its snapshots by number.

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { NonoError } from "../error.ts";
import { writeDurably } from "../files/durable-write.ts";
import { isThere } from "../files/is-there.ts";
import { readRegular } from "../files/regular-file.ts";
import { fileName } from "../text/bytes.ts";
import type { Entry } from "./entry.ts";
import type { Filter } from "./filter.ts";
import { type Decoded, encodeSnapshot, readEntries, readSnapshot, type Snapshot } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { seal, unseal } from "./sealed.ts";
import type { StoreLayout } from "./store-layout.ts";

/** `started`: milliseconds since 1970. `roots`: absolute, sorted, none within another. `command`: for people. */
export type TrackedSession = Readonly<{
  id: string;
  roots: readonly string[];
  filter: Filter;
  started: number;
  command?: readonly string[];
}>;

type Sealed = TrackedSession & Readonly<{ version: number }>;

/** Whether a text can name a session, rather than something else in the store. */
export function isSessionId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
}

export class SessionFiles {
  readonly id: string;
  readonly directory: string;

  /** @throws NonoError `session-unknown` for what is no name */
  constructor(layout: StoreLayout, id: string) {
    if (!isSessionId(id)) throw new NonoError({ code: "session-unknown", session: id });
    this.id = id;
    this.directory = `${layout.sessions}/${id}`;
  }

  get lockFile(): string {
    return `${this.directory}/lock`;
  }

  get journalFile(): string {
    return `${this.directory}/restore.json`;
  }

  snapshotFile(number: number): string {
    return `${this.directory}/snapshot-${number}.json`;
  }

  private get sessionFile(): string {
    return `${this.directory}/session.json`;
  }

  exists(): boolean {
    return isThere(this.sessionFile);
  }

  makeDirectory(): void {
    mkdirSync(fileName(this.directory), { recursive: true, mode: 0o700 });
  }

  create(session: TrackedSession): void {
    writeDurably(this.sessionFile, seal({ version: 1, ...session }));
  }

  /** @throws NonoError `session-unknown`, `store-damaged`, `file-irregular` */
  read(): TrackedSession {
    if (!this.exists()) throw new NonoError({ code: "session-unknown", session: this.id });
    try {
      const { version, ...session } = unseal(readRegular(this.sessionFile)) as Sealed;
      if (version !== 1 || session.id !== this.id || !isTracked(session))
        throw new TypeError("not a session");
      return session;
    } catch (error) {
      if (error instanceof NonoError) throw error;
      const problem = { code: "store-damaged", file: this.sessionFile, reason: "it is no session" } as const;
      throw new NonoError(problem, { cause: error });
    }
  }

  /** Numbers of its snapshots, ascending. */
  numbers(): number[] {
    return readdirSync(fileName(this.directory))
      .flatMap((name) => /^snapshot-(0|[1-9][0-9]*)\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** @throws NonoError `snapshot-unknown`, `store-damaged` */
  snapshot(number: number): Snapshot {
    const file = this.snapshotFile(number);
    if (!isThere(file)) throw new NonoError({ code: "snapshot-unknown", session: this.id, number });
    return readSnapshot(file, number);
  }

  /** Whether its end was never captured: the supervisor was killed, if it is not open. */
  lacksFinal(): boolean {
    const last = this.numbers().at(-1);
    return last === undefined || ["baseline", "checkpoint"].includes(this.snapshot(last).kind);
  }

  snapshots(): Snapshot[] {
    return this.numbers().map((number) => this.snapshot(number));
  }

  /** @throws NonoError `snapshot-unknown`, `store-damaged`, `object-missing` */
  entries(objects: ObjectStore, number: number, decoded?: Decoded): readonly Entry[] {
    return readEntries(objects, this.snapshotFile(number), this.snapshot(number), decoded);
  }

  remove(): void {
    rmSync(fileName(this.directory), { recursive: true, force: true });
  }

  write(snapshot: Snapshot): void {
    writeDurably(this.snapshotFile(snapshot.number), encodeSnapshot(snapshot));
  }
}

function isTracked(session: Partial<TrackedSession>): boolean {
  const lists: unknown[] = [session.roots, session.filter?.exclude, session.filter?.include];
  const areTexts = lists.every(
    (list) => Array.isArray(list) && list.every((text) => typeof text === "string"),
  );
  return areTexts && session.roots?.every((root) => root.startsWith("/")) === true;
}
