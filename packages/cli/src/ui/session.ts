// One session, for people. Command lines and places are of others.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { SessionProcess } from "../register/processes.ts";
import type { RegisteredSession } from "../register/registry.ts";
import { commandText } from "./audit-event.ts";
import { countText, durationText } from "./quantities.ts";
import { rows } from "./rows.ts";
import { standing } from "./sessions.ts";
import { bold, cut } from "./style.ts";

type Paper = Pick<Output, "columns" | "colour">;

/** A command line may be as long as this, in characters; of processes that are shown, how many. */
const [COMMAND_MAX, PROCESSES_MAX] = [2000, 20];

export function renderSession(
  session: RegisteredSession,
  processes: readonly SessionProcess[],
  now: Date,
  paper: Paper,
): string {
  const { record } = session;
  const id = show(record.session_id);
  const name = record.name === null ? "" : `  ${show(record.name)}`;
  const facts: readonly (readonly [string, string])[] = [
    ["command", commandText(record.command, COMMAND_MAX)],
    ["executable", show(record.executable)],
    ["in", show(record.cwd)],
    ["profile", show(record.profile)],
    ["state", stateText(session, now)],
    ["started", timeText(record.started)],
    ...(record.ended === null ? [] : [["ended", timeText(record.ended)] as const]),
    ...countsOf(session),
    ["record", record.features.includes("audit") ? `nono logs ${id}, nono audit show ${id}` : "none is kept"],
    ["snapshots", record.features.includes("rollback") ? `nono rollback show ${id}` : "none are kept"],
    ...(processes.length === 0 ? [] : [["processes", String(processes.length)] as const]),
  ];
  const shown = processes.slice(0, PROCESSES_MAX);
  const more = processes.length - shown.length;
  return [
    bold(id, paper) + name,
    ...rows(facts, { ...paper, textColumn: 14 }),
    ...shown.map(({ pid, command }) =>
      cut(`    ${String(pid).padEnd(8)}  ${commandText(command)}`, paper.columns),
    ),
    ...(more > 0 ? [`    and ${countText(more, "more process", "more processes")}: --json has them`] : []),
    "",
  ].join("\n");
}

function stateText(session: RegisteredSession, now: Date): string {
  const { record, state } = session;
  if (state === "interrupted") return "interrupted: nono was killed, or could not record its end";
  if (state === "ended") return standing(session);
  const { features, started } = record;
  const supervised = features.includes("supervised") ? ", and asks for what it is not granted" : "";
  const learns = features.includes("learn") ? ", to learn what it needs" : "";
  return `running for ${durationText(now.getTime() - Date.parse(started))}${supervised}${learns}`;
}

function countsOf({ record: { counts } }: RegisteredSession): readonly (readonly [string, string])[] {
  if (counts === null) return [];
  return [["refused", `${countText(counts.denied, "time")}; asked about ${countText(counts.asked, "time")}`]];
}

/** `2026-02-16 19:33:11 UTC` */
function timeText(at: string): string {
  return `${show(at.slice(0, 10))} ${show(at.slice(11, 19))} UTC`;
}
