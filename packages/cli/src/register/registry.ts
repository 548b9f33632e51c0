// All sessions of this user that the register has, and where each of them stands.

import { existsSync, statSync } from "node:fs";
import { connectLocal, Watcher } from "nono-ts/internal";
import { RECORD, readRecord, type SessionRecord } from "./record.ts";
import {
  KEY,
  openSessionDirectory,
  type SessionDirectory,
  SOCKET,
  sessionNames,
} from "./session-directory.ts";
import { lifeOf } from "./supervisor-process.ts";

/** "interrupted": its supervisor was killed, or the machine stopped, before it could say how the session ended. */
export type State = "running" | "ended" | "interrupted";

export type RegisteredSession = Readonly<{ record: SessionRecord; state: State }>;

/** All of them, newest first. @throws CliError `sessions-unreachable` */
export function sessionsIn(state: string): readonly RegisteredSession[] {
  const sessions = newestFirst(state).flatMap((session) => look(state, session, standing));
  // Ids tell the order only to the second.
  return sessions.sort(({ record: one }, { record: other }) => compare(other.started, one.started));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Milliseconds after which one that has not begun never will. */
const BEGINNING = 3_600_000;

/** Sessions that were killed while they began: nothing is known of them. @throws CliError `sessions-unreachable` */
export function stillbornIn(state: string, now: number): readonly string[] {
  return newestFirst(state).filter((session) => {
    const directory = openSessionDirectory(state, session);
    if (directory === undefined) return false;
    try {
      const { mtimeMs } = statSync(directory.at("."));
      return !existsSync(directory.at(RECORD)) && now - mtimeMs > BEGINNING && !listens(directory);
    } finally {
      directory.close();
    }
  });
}

/** Those that run, newest first. What has ended is not read. @throws CliError `sessions-unreachable` */
export function livingIn(state: string): readonly SessionRecord[] {
  const living = newestFirst(state).flatMap((session) =>
    look(state, session, (directory) => (existsSync(directory.at(KEY)) ? standing(directory) : [])),
  );
  return living.filter((session) => session.state === "running").map(({ record }) => record);
}

function newestFirst(state: string): readonly string[] {
  return [...sessionNames(state)].reverse();
}

type Found = readonly RegisteredSession[];

function look(state: string, session: string, at: (directory: SessionDirectory) => Found): Found {
  const directory = openSessionDirectory(state, session);
  if (directory === undefined) return [];
  try {
    return at(directory);
  } finally {
    directory.close();
  }
}

/** None for one that has only just begun, or that a later version of nono wrote. */
function standing(directory: SessionDirectory): Found {
  const record = recordIn(directory);
  if (record === undefined) return [];
  if (record.ended !== null) return [{ record, state: "ended" }];
  const life = lifeOf(record.supervisor);
  const lives = life === "lives" || (life === "elsewhere" && listens(directory));
  if (lives) return [{ record, state: "running" }];
  // It may have ended between the two looks.
  const last = recordIn(directory) ?? record;
  return [{ record: last, state: last.ended === null ? "interrupted" : "ended" }];
}

function recordIn(directory: SessionDirectory): SessionRecord | undefined {
  try {
    return readRecord(directory.read(RECORD).toString(), directory.session);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Sockets are reached from other namespaces of processes as well. */
function listens(directory: SessionDirectory): boolean {
  const watcher = new Watcher();
  try {
    connectLocal(directory.at(SOCKET), watcher).close();
    return true;
  } catch {
    return false;
  } finally {
    watcher.close();
  }
}
