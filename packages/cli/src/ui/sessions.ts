// Sessions that run and that have ended, for people. Command lines and places are of others.

import { show } from "nono-ts";
import type { Output } from "../io.ts";
import type { RegisteredSession } from "../register/registry.ts";
import { commandText } from "./audit-event.ts";
import { countText, durationText } from "./quantities.ts";
import { bold, cut, widthOf } from "./style.ts";

type Paper = Pick<Output, "columns" | "colour">;

/** What a command is always given, in columns, however narrow it gets. */
const COMMAND_MIN = 12;

/** One line each, cut to the width. Nothing where there are none. */
export function renderSessionTable(sessions: readonly RegisteredSession[], now: Date, paper: Paper): string {
  if (sessions.length === 0) return "";
  const named = sessions.some(({ record }) => record.name !== null);
  const head = ["ID", ...(named ? ["NAME"] : []), "STATE", "AGE"];
  const facts = sessions.map((session) => {
    const { session_id, name, started } = session.record;
    return [
      show(session_id),
      ...(named ? [show(name ?? "-")] : []),
      standing(session),
      durationText(now.getTime() - Date.parse(started)),
    ];
  });
  const widths = head.map((title, column) =>
    Math.max(...[head, ...facts].map((cells) => widthOf(cells[column] ?? title))),
  );
  const left = paper.columns - widths.reduce((sum, width) => sum + width + 2, 0);
  const line = (cells: readonly string[], command: string) => {
    const padded = cells.map((cell, at) => cell + " ".repeat((widths[at] as number) + 2 - widthOf(cell)));
    return padded.join("") + cut(command, Math.max(left, COMMAND_MIN));
  };
  const lines = facts.map((cells, at) => line(cells, commandText(sessions[at]?.record.command ?? [])));
  return [bold(line(head, "COMMAND"), paper), ...lines, ""].join("\n");
}

/** What `nono stop` says when it is over. */
export function endedText(session: RegisteredSession): string {
  const id = show(session.record.session_id);
  return session.state === "interrupted"
    ? `${id} is over: interrupted`
    : `${id} has ended: ${standing(session)}`;
}

/** In a word or two. */
export function standing({ record, state }: RegisteredSession): string {
  if (state !== "ended") return state;
  return record.signal === null ? `exit ${record.exit_code}` : show(record.signal);
}

export function renderPruned(removed: readonly string[], isDry: boolean): string {
  const done = `${countText(removed.length, "session")} ${isDry ? "would go" : "removed"}`;
  return [done, ...removed.map((id) => `  ${show(id)}`), ""].join("\n");
}
