// Records of sessions, for people.

import type { AuditCleanup, AuditEvent } from "nono-ts";
import { show } from "nono-ts/internal";
import type { SessionData } from "../audit/event.ts";
import type { RecordedRestore } from "../audit/restore-record.ts";
import type { RecordState, RecordSummary } from "../audit/store.ts";
import type { Output } from "../io.ts";
import { commandText, endingText, eventLine, NOT_STARTED } from "./audit-event.ts";
import { countText, sizeText } from "./quantities.ts";
import { rows } from "./rows.ts";
import { bold, cut, widthOf } from "./style.ts";
import { wrap } from "./wrap.ts";

type Paper = Pick<Output, "columns" | "width" | "colour">;

/** More are for --all and --json. */
const SHOWN = 200;

export function renderRecords(records: readonly RecordSummary[], paper: Paper): string {
  return records.map((record) => `${summaryLines(record, paper).join("\n")}\n`).join("");
}

function summaryLines({ id, state, start, end }: RecordSummary, paper: Paper): readonly string[] {
  const { command, cwd } = start.data as unknown as SessionData["start"];
  const facts = [endOf(state, end), `started ${timeText(start.at)} UTC`, `in ${show(cwd)}`];
  const room = paper.width - widthOf(id) - 2;
  return [
    `${bold(show(id), paper)}  ${cut(commandText(command, Number.POSITIVE_INFINITY), room)}`,
    ...wrap(facts.join(", "), paper.columns, 4).map((line) => cut(line, paper.width)),
  ];
}

const STATES: Readonly<Record<Exclude<RecordState, "ended">, string>> = {
  running: "it runs",
  unstarted: NOT_STARTED,
  interrupted: "interrupted: nono was killed, or could not record any more",
};

function endOf(state: RecordState, end: AuditEvent | undefined): string {
  return state === "ended" ? endingText(end?.data as SessionData["end"]) : STATES[state];
}

/** `2026-02-16 19:33:11` */
function timeText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}

export function renderRecord(
  { id, state, start, end }: RecordSummary,
  { events, restores }: Readonly<{ events: readonly AuditEvent[]; restores: readonly RecordedRestore[] }>,
  all: boolean,
  paper: Paper,
): string {
  const { command, cwd, executable, host, profile, tracked_paths } =
    start.data as unknown as SessionData["start"];
  const ended = end === undefined ? [] : ([["ended", `${timeText(end.at)} UTC`]] as const);
  const facts = [
    ["state", endOf(state, end)],
    ["started", `${timeText(start.at)} UTC`],
    ...ended,
    ["in", show(cwd)],
    ["executable", show(executable)],
    ["profile", show(profile.name)],
    ["host", `${show(host.name)}, Linux ${show(host.kernel)}`],
    ["tracked", tracked_paths.length === 0 ? "nothing" : tracked_paths.map((path) => show(path)).join(", ")],
  ] as const;
  const told = events.filter(({ kind }) => !UNTOLD.has(kind));
  // A build executes thousands of commands: what was refused is not to be lost among them.
  const first = told.length > SHOWN && !all ? told.filter(({ kind }) => kind !== "executed") : told;
  const shown = all ? told : first.slice(0, SHOWN);
  const more = told.length - shown.length;
  return [
    `${bold(show(id), paper)}  ${commandText(command)}`,
    ...rows(facts, { ...paper, indent: 2, textColumn: 14 }),
    ...shown.map((event) => `  ${eventLine(event)}`),
    ...restores.map((restore) => `  ${restoreLine(restore)}`),
    ...(more > 0 ? [`  and ${countText(more, "event")} more: --all shows them`] : []),
    "",
  ].join("\n");
}

function restoreLine({ at, to, steps, conflicts, uid }: RecordedRestore): string {
  const done =
    steps === null ? "interrupted" : countText(new Set(steps.map(({ path }) => path)).size, "path");
  const left = conflicts ? `, ${countText(conflicts, "conflict")} left` : "";
  return `${timeText(at)} UTC  restored  to snapshot ${to}: ${done}${left}, by user ${uid}`;
}

const UNTOLD: ReadonlySet<string> = new Set(["checkpoint", "start", "end"]);

export function renderAuditCleanup(
  { removed, open, damaged, freed }: AuditCleanup,
  dryRun: boolean,
  { columns }: Paper,
): string {
  const went = removed.map((id) => `${dryRun ? "would remove" : "removed"} ${show(id)}`);
  const sum = `${countText(removed.length, "record")}, ${sizeText(freed)}`;
  const lines = [
    ...went,
    removed.length === 0 ? "nothing to remove" : `${dryRun ? "would free" : "freed"}: ${sum}`,
    ...open.map((id) => `in use: ${show(id)}`),
    ...damaged.map((id) => `not as it was written, and left: ${show(id)}`),
  ];
  return `${lines.flatMap((line) => wrap(line, columns)).join("\n")}\n`;
}
