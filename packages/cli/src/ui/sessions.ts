// Sessions that run and that have ended, for people. Command lines and places are of others.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { RegisteredSession } from "../register/registry.ts";
import { commandText } from "./audit-event.ts";
import { countText, durationText } from "./quantities.ts";
import { bold, cut, widthOf } from "./style.ts";

type Paper = Pick<Output, "width" | "colour">;

/** What a command is always given, in columns, as long as names can be cut for it; and what those are. */
const [COMMAND_MIN, NAME_MIN] = [12, 8];

/** Columns between two. */
const GAP = 2;

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
  const widths = widthsOf([head, ...facts], named ? 1 : undefined, paper);
  const line = (cells: readonly string[], command: string) => {
    const padded = cells.map((cell, at) => inColumn(cell, widths[at] as number));
    return cut(padded.join("") + command, paper.width);
  };
  const lines = facts.map((cells, at) =>
    line(cells, commandText(sessions[at]?.record.command ?? [], Number.POSITIVE_INFINITY)),
  );
  return [bold(line(head, "COMMAND"), paper), ...lines, ""].join("\n");
}

/** Of each column but the last; where too little is left for that, names are cut. */
function widthsOf(
  table: readonly (readonly string[])[],
  name: number | undefined,
  { width }: Paper,
): readonly number[] {
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((cells) => widthOf(cells[at] ?? ""))));
  const missing = COMMAND_MIN - (width - widths.reduce((sum, one) => sum + one + GAP, 0));
  if (name === undefined || missing <= 0) return widths;
  return widths.with(
    name,
    Math.max(Math.min(widths[name] as number, NAME_MIN), (widths[name] as number) - missing),
  );
}

function inColumn(cell: string, width: number): string {
  const text = cut(cell, width);
  return text + " ".repeat(width + GAP - widthOf(text));
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
