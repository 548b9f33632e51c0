// What happens in a run, as events of its record. Pure.

import type { AuditEntry, Observation, Request, SocketAddress } from "nono-ts";
import { isAllowed, ruleOf } from "../approval/request.ts";
import type { RunEvent, SnapshotEvent } from "../run/companion.ts";
import { entry, type RecordedProcess, type RecordedRequest } from "./event.ts";

/** A snapshot of everything that was ever installed may change a hundred thousand files. */
const CHANGES_MAX = 10_000;

/** @returns undefined for what another event tells */
export function entryOf(event: RunEvent): AuditEntry | undefined {
  switch (event.kind) {
    case "asked":
      return undefined; // the question says more
    case "denied":
    case "allowed":
      return undefined; // recorded before it held
    case "withdrawn":
      return entry(event.kind, requestOf(event.request));
    case "ended":
      return event.errno === 0 ? undefined : entry("unsupervised", { errno: event.errno });
    case "question":
      return questionEntry(event);
    case "answered":
      return answerEntry(event);
    case "snapshot":
      return snapshotEntry(event);
  }
}

export function decisionEntry(kind: "allowed" | "denied", request: Request): AuditEntry {
  const blocked = kind === "denied" && request.reason === "blocked-command";
  return entry(blocked ? "blocked" : kind, requestOf(request));
}

export function observationEntry(observation: Observation): AuditEntry {
  if (observation.kind === "lost") return entry("lost", { count: observation.count });
  const { pid, parent } = observation.process;
  const process = { pid, parent: parent === 0 ? undefined : parent };
  if (observation.kind === "reached") {
    const { operation, path, address } = observation;
    return entry("allowed", { operation, reason: "granted", path, address, process });
  }
  const { path, given, cwd } = observation;
  const { command, cut } = bounded(observation.arguments, observation.cut);
  return entry("executed", {
    path: path ?? null,
    given: given === path ? undefined : given,
    command,
    cut: cut || undefined,
    cwd,
    process,
  });
}

/** Of all arguments of one execution, in characters: twice what xargs(1) gives. Two million fill a disk by themselves. */
const ARGUMENTS_MAX = 1 << 18;

function bounded(
  given: readonly string[],
  wasCut: boolean,
): Readonly<{ command: readonly string[]; cut: boolean }> {
  let room = ARGUMENTS_MAX;
  const command: string[] = [];
  for (const argument of given) {
    if (room <= 0) return { command, cut: true };
    const kept = argument.slice(0, room);
    command.push(kept);
    if (kept.length < argument.length) return { command, cut: true };
    room -= argument.length + 1;
  }
  return { command, cut: wasCut };
}

function questionEntry({ question }: Extract<RunEvent, { kind: "question" }>): AuditEntry {
  const { id, operation, access, path, asked, other, process } = question;
  return entry("question", { id, operation, access, path, given: asked, other, process });
}

function answerEntry({ question, answer }: Extract<RunEvent, { kind: "answered" }>): AuditEntry {
  const { id, path, access } = question;
  return entry("answered", {
    id,
    decision: answer.kind,
    scope: answer.kind === "allow-session" ? answer.scope : undefined,
    allowed: isAllowed(answer),
    path,
    covers: ruleOf(answer, question)?.path,
    access,
    by: answer.by,
  });
}

function snapshotEntry({ snapshot, changes }: SnapshotEvent): AuditEntry {
  const { number, kind, merkleRoot, fileCount, entryCount, size, time, uncaptured } = snapshot;
  return entry("snapshot", {
    number,
    snapshot_kind: kind,
    merkle_root: merkleRoot,
    file_count: fileCount,
    entry_count: entryCount,
    size,
    time: Math.floor(time / 1000),
    not_captured: uncaptured.length,
    changes: changes.slice(0, CHANGES_MAX).map((change) => ({ path: change.path, kind: change.kind })),
    further_changes: Math.max(0, changes.length - CHANGES_MAX),
  });
}

function requestOf(request: Request): RecordedRequest {
  const { operation, reason, process } = request;
  const target = "target" in request ? request.target : undefined;
  return {
    operation,
    reason,
    process: processOf(process),
    path: target?.path,
    given: target === undefined || target.given === target.path ? undefined : target.given,
    to: "to" in request ? request.to.path : undefined,
    missing: target?.missing,
    blocked: "blocked" in request ? request.blocked : undefined,
    address: addressOf(request),
    other: "other" in request ? request.other : undefined,
    object: "object" in request ? request.object : undefined,
  };
}

function addressOf(request: Request): SocketAddress | undefined {
  if (request.operation === "socket") return { family: "other", number: request.family };
  return "address" in request ? request.address : undefined;
}

function processOf({
  pid,
  name,
  executable,
  arguments: command,
  parents,
}: Request["process"]): RecordedProcess {
  return { pid, name, executable, command, parents };
}
