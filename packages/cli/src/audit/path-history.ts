// What a record tells of one path: in which snapshots it changed, what let that happen, and which commands named it. Pure.

import path from "node:path";
import type { AuditEvent } from "nono-ts";
import { isAtOrBelow } from "../rollback/paths.ts";
import type { SessionData } from "./event.ts";
import { type Explanation, GrantedWrites, WRITE_KINDS } from "./granted-write.ts";

export type PathChange = Readonly<{
  path: string;
  kind: string;
  snapshot: number;
  n: number;
  at: string;
  explained_by: readonly Explanation[];
  /** That were executed since the snapshot before, and have it among their arguments. */
  commands: readonly NamingCommand[];
  /** How many were executed since then at all. */
  executed: number;
}>;

export type NamingCommand = Readonly<{ n: number; at: string; pid: number; command: readonly string[] }>;

export type PathEvent = Readonly<{ n: number; at: string; kind: string; operation: string }>;

export type PathHistory = Readonly<{ changes: readonly PathChange[]; events: readonly PathEvent[] }>;

/** @param place absolute; a directory stands for all in it */
export function pathHistory(events: Iterable<AuditEvent>, place: string): PathHistory {
  const writes = new GrantedWrites();
  const [changes, told]: [PathChange[], PathEvent[]] = [[], []];
  let naming: NamingCommand[] = [];
  let executed = 0;
  for (const event of events) {
    if (WRITE_KINDS.has(event.kind)) writes.add(event);
    if (event.kind === "executed") {
      executed += 1;
      naming.push(...namingOf(event, place));
    }
    told.push(...eventsOf(event, place));
    if (event.kind !== "snapshot") continue;
    changes.push(...changesOf(event, place, writes, naming, executed));
    [naming, executed] = [[], 0];
  }
  return { changes, events: told };
}

function changesOf(
  { data, n, at }: AuditEvent,
  place: string,
  writes: GrantedWrites,
  commands: readonly NamingCommand[],
  executed: number,
): readonly PathChange[] {
  const { changes, number } = data as unknown as SessionData["snapshot"];
  return changes
    .filter((change) => isAtOrBelow(change.path, place))
    .map(({ path: changed, kind }) => {
      const explained_by = writes.explain(changed, kind);
      return { path: changed, kind, snapshot: number, n, at, explained_by, commands, executed };
    });
}

function namingOf({ data, n, at }: AuditEvent, place: string): readonly NamingCommand[] {
  const { command, cwd, process } = data as unknown as SessionData["executed"];
  const names = command.slice(1).some((word) => valuesOf(word).some((value) => leadsTo(value, cwd, place)));
  return names ? [{ n, at, pid: process.pid, command }] : [];
}

/** `--output=FILE`, `of=FILE` and `-oFILE` name one, too. */
function valuesOf(word: string): readonly string[] {
  return [word, word.slice(word.indexOf("=") + 1), ...(/^-[A-Za-z]./.test(word) ? [word.slice(2)] : [])];
}

function leadsTo(value: string, cwd: string | undefined, place: string): boolean {
  if (value === "" || value.includes("\0")) return false;
  const named = path.posix.resolve(cwd ?? "/", value);
  return isAtOrBelow(named, place);
}

function eventsOf({ kind, data, n, at }: AuditEvent, place: string): readonly PathEvent[] {
  const { path: named, to, operation, access } = data;
  const fits = [named, to].some((one) => typeof one === "string" && isAtOrBelow(one, place));
  if (!fits || kind === "executed" || kind === "executable") return [];
  return [{ n, at, kind, operation: String(operation ?? access ?? "") }];
}
