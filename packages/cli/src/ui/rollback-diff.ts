// Changes of files line by line. What stands in them is the session's: no line is written raw.

import type { Change } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { FileDiff } from "../rollback/file-diff.ts";
import { SIGNS } from "./rollback-tree.ts";
import { added, bold, removed } from "./style.ts";

type Paper = Pick<Output, "colour">;

/** Longest line that is shown, in characters. */
const LINE_MAX = 2000;

/** As lines without their ends. */
export function diffLines(change: Change, { facts, hunks }: FileDiff, paper: Paper): readonly string[] {
  return [
    bold(`${SIGNS[change.kind]} ${show(change.path)}`, paper),
    ...facts.map((fact) => painted(shownLine(fact), paper)),
    ...hunks.flatMap(({ header, lines }) => [
      header,
      ...lines.map((line) => painted(shownLine(line), paper)),
    ]),
  ];
}

/** A tabulator is the only control character that stays. */
function shownLine(line: string): string {
  const cut = line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)}…` : line;
  return cut
    .split("\t")
    .map((part) => show(part))
    .join("\t");
}

/** A column eight further on, at least: the screen of a review knows no tabulators. */
export function withoutTabs(line: string): string {
  let text = "";
  for (const part of line.split("\t")) text = text === "" ? part : text.padEnd((text.length + 8) & ~7) + part;
  return text;
}

function painted(line: string, paper: Paper): string {
  if (line.startsWith("+")) return added(line, paper);
  return line.startsWith("-") ? removed(line, paper) : line;
}
