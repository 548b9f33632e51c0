// What `nono audit list --json` and `show --json` write. A name here is API: never renamed. Those of the first nine fields of
// a session are older than this program.

import type { AuditEvent, JsonObject } from "nono-ts";
import type { SessionData } from "./event.ts";
import type { PathHistory } from "./path-history.ts";
import type { RecordedRestore } from "./restore-record.ts";
import type { RecordState, RecordSummary } from "./store.ts";

/** `2026-02-16T19:33:11.496+00:00` */
function timeText(at: string): string {
  return at.replace(/Z$/, "+00:00");
}

export function summaryDocument({ id, state, start, end }: RecordSummary) {
  const { command, name, profile } = start.data as unknown as SessionData["start"];
  const ending = end?.data as SessionData["end"] | undefined;
  return {
    session_id: id,
    state,
    started: timeText(start.at),
    ended: end === undefined ? null : timeText(end.at),
    command,
    exit_code: ending?.exit_code ?? null,
    signal: ending?.signal ?? null,
    name,
    profile: profile.name,
    counts: ending?.counts ?? null,
  };
}

type Events = Readonly<{
  id: string;
  state: RecordState;
  events: Iterable<AuditEvent>;
  restores: readonly RecordedRestore[];
}>;

/** @throws TypeError for a log without a first event */
export function recordDocument({ id, state, events, restores }: Events) {
  const all = [...events];
  const [start] = all;
  if (start === undefined) throw new TypeError("a log without events");
  const of = <K extends keyof SessionData>(kind: K) =>
    all.filter((event) => event.kind === kind).map(({ data }) => data as unknown as SessionData[K]);
  const end = all.findLast(({ kind }) => kind === "end");
  const snapshots = of("snapshot");
  const began = start.data as unknown as SessionData["start"] & JsonObject;
  const [digest] = of("executable");
  const { purpose: _, link, command, tracked_paths, executable, redacted, ...further } = began;
  return {
    command,
    ended: end === undefined ? null : timeText(end.at),
    exit_code: (end?.data.exit_code as number | null | undefined) ?? null,
    merkle_roots: snapshots.map(({ merkle_root }) => merkle_root),
    session_id: id,
    snapshots: snapshots.map(snapshotDocument),
    started: timeText(start.at),
    tracked_paths,
    state,
    signal: (end?.data.signal as string | null | undefined) ?? null,
    executable: { path: executable, sha256: digest?.sha256 ?? null },
    ...further,
    link,
    redacted: redacted ?? [],
    restores: restores.map(({ at, ...restore }) => ({ ...restore, at: timeText(at) })),
    events: all.flatMap((event) => (FRAME.has(event.kind) ? [] : [eventDocument(event)])),
  };
}

const FRAME: ReadonlySet<string> = new Set(["start", "checkpoint", "end"]);

function snapshotDocument({
  number,
  changes,
  merkle_root,
  file_count,
  time,
  ...more
}: SessionData["snapshot"]) {
  return {
    changes,
    file_count,
    merkle_root,
    number,
    timestamp: String(time),
    kind: more.snapshot_kind,
    entry_count: more.entry_count,
    size: more.size,
    not_captured: more.not_captured,
    further_changes: more.further_changes,
  };
}

/** As a line of `nono logs --json`. */
export function eventDocument({ n, at, kind, data }: AuditEvent) {
  return { n, at: timeText(at), kind, ...data };
}

/** Of `show --path`. */
export function historyDocument(id: string, path: string, { changes, events }: PathHistory) {
  const timed = <T extends Readonly<{ at: string }>>(one: T): T => ({ ...one, at: timeText(one.at) });
  return {
    session_id: id,
    path,
    changes: changes.map((change) => ({ ...timed(change), commands: change.commands.map(timed) })),
    events: events.map(timed),
  };
}
