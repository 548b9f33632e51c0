// What a record tells of a path, for people.

import { show } from "nono-ts/internal";
import type { Explanation } from "../audit/granted-write.ts";
import type { NamingCommand, PathChange, PathHistory } from "../audit/path-history.ts";
import type { Output } from "../io.ts";
import { commandText } from "./audit-event.ts";
import { countText } from "./quantities.ts";
import { bold } from "./style.ts";

/** Commands of one change. */
const SHOWN = 10;

export function renderHistory(
  id: string,
  path: string,
  { changes, events }: PathHistory,
  paper: Pick<Output, "colour">,
): string {
  const told = events.map(({ at, kind, operation }) =>
    `  ${at.slice(11, 23)}  ${show(kind)} ${show(operation)}`.trimEnd(),
  );
  const lines = [
    `${bold(show(path), paper)} in session ${show(id)}`,
    ...(changes.length === 0
      ? ["  in no snapshot that it changed"]
      : changes.flatMap((change) => changeLines(change, path))),
    ...told,
  ];
  return `${lines.join("\n")}\n`;
}

function changeLines(
  { path, kind, snapshot, explained_by, commands, executed }: PathChange,
  place: string,
): readonly string[] {
  const what = path === place ? show(kind) : `${show(kind)} ${show(path)}`;
  const more = commands.length - SHOWN;
  const others = executed - commands.length;
  return [
    `  snapshot ${snapshot}: ${what}`,
    ...(explained_by.length === 0
      ? ["    let by     nothing that is recorded"]
      : explained_by.map(explanationLine)),
    ...commands.slice(0, SHOWN).map(commandLine),
    ...(more > 0 ? [`    and ${countText(more, "command")} more that name it`] : []),
    ...(others > 0 ? [`    or         one of ${countText(others, "command")} that do not name it`] : []),
  ];
}

function explanationLine(explanation: Explanation): string {
  switch (explanation.by) {
    case "grant":
      return `    let by     ${show(explanation.access)} ${show(explanation.path)} (${show(explanation.source)})`;
    case "approval":
      return `    let by     answer ${show(explanation.id)} for ${show(explanation.path)} (event ${explanation.n})`;
    case "allowed":
      return `    let by     ${show(explanation.operation)} that was allowed (event ${explanation.n})`;
  }
}

function commandLine({ command, pid }: NamingCommand): string {
  return `    named by   ${commandText(command)} (${pid})`;
}
