// The audit log of this user: where it is, and its sessions by the beginning of their id.

import {
  type AuditEvent,
  type AuditStore,
  type JsonObject,
  lookAtAudit,
  openAudit,
  readEvents,
  readTail,
} from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { Outbox } from "./export/outbox.ts";
import { KnownDigests } from "./known-digests.ts";

/** @param state `$XDG_STATE_HOME/nono` */
function directoryOf(state: string): string {
  return resolvePath(state, "audit");
}

/** For recording. @throws CliError `audit-unreachable` where it can be neither read nor made */
export function openRecords(state: string): AuditStore {
  return reached(state, openAudit);
}

/** For reading. */
export function lookAtRecords(state: string): AuditStore {
  return lookAtAudit(directoryOf(state));
}

/** What large executables were when they were last read. */
export function knownDigestsOf(store: AuditStore): KnownDigests {
  return new KnownDigests(`${store.layout.directory}/digests`);
}

/** What waits for collectors. */
export function outboxOf(store: AuditStore): Outbox {
  return new Outbox(`${store.layout.directory}/outbox`);
}

function reached(state: string, open: (directory: string) => AuditStore): AuditStore {
  const directory = directoryOf(state);
  try {
    return open(directory);
  } catch (error) {
    throw unreachable(directory, error);
  }
}

/** What is thrown for a failure of the file system; anything else as it is. */
export function unreachable(directory: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new CliError({ code: "audit-unreachable", path: directory, reason: message }, { cause: error });
}

/** "unstarted": it was begun, and its command could not be started. */
export type RecordState = "running" | "ended" | "unstarted" | "interrupted";

export type RecordSummary = Readonly<{
  id: string;
  state: RecordState;
  start: AuditEvent;
  end: AuditEvent | undefined;
}>;

/**
 * The first and the last event are all that is read.
 *
 * @returns undefined for what is no record of a session
 * @throws CliError `audit-altered`
 */
export function summaryOf(store: AuditStore, id: string): RecordSummary | undefined {
  const file = store.file(id);
  const running = store.isOpen(id);
  const [start] = readEvents(file);
  const purpose = start?.kind === "start" ? start.data.purpose : undefined;
  if (typeof purpose === "string" && purpose !== "session") return undefined;
  if (start === undefined || purpose === undefined || !isSessionStart(start.data))
    throw new CliError({ code: "audit-altered", session: id });
  const end = readTail(file).findLast(({ kind }) => kind === "end");
  const over = end?.data.started === false ? "unstarted" : "ended";
  return { id, state: end !== undefined ? over : running ? "running" : "interrupted", start, end };
}

/** As much of a first event as it takes to tell of the session; whether it can be believed is for `nono audit verify`. */
function isSessionStart({
  command,
  cwd,
  executable,
  host,
  profile,
  tracked_paths,
  link,
}: JsonObject): boolean {
  const texts = [cwd, executable, (host as JsonObject)?.name, (host as JsonObject)?.kernel];
  const lists = [command, tracked_paths];
  return (
    lists.every((list) => Array.isArray(list) && list.every((one) => typeof one === "string")) &&
    [...texts, (profile as JsonObject)?.name].every((text) => typeof text === "string") &&
    typeof (link as JsonObject)?.number === "number"
  );
}

/** Newest first. `altered`: ids of those of which nothing can be told. */
export function summariesIn(
  store: AuditStore,
): Readonly<{ records: readonly RecordSummary[]; altered: readonly string[] }> {
  const altered: string[] = [];
  const records = store.sessions().flatMap((id) => {
    try {
      return summaryOf(store, id) ?? [];
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      altered.push(id);
      return [];
    }
  });
  return { records: records.sort((one, other) => numberOf(other) - numberOf(one)), altered };
}

/** Ids tell the order only to the second. */
function numberOf({ start }: RecordSummary): number {
  return Number((start.data.link as JsonObject).number);
}

/**
 * @param named an id or its beginning; undefined: the latest
 * @throws CliError `audit-none`, `audit-missing`, `audit-ambiguous`
 */
export function findRecord(store: AuditStore, named: string | undefined): string {
  const sessions = store.sessions();
  if (named === undefined) {
    const [latest] = summariesIn(store).records;
    if (latest === undefined) throw new CliError({ code: "audit-none" });
    return latest.id;
  }
  if (sessions.includes(named)) return named;
  const [found, ...others] = named === "" ? [] : sessions.filter((id) => id.startsWith(named));
  if (found === undefined) throw new CliError({ code: "audit-missing", id: named });
  if (others.length > 0)
    throw new CliError({ code: "audit-ambiguous", id: named, sessions: [found, ...others] });
  return found;
}
