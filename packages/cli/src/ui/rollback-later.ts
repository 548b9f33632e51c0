// What of a session's changes runs later, outside of the sandbox. Names and details are the session's.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { RunsLater } from "../rollback/later/runs-later.ts";
import { countText } from "./quantities.ts";
import { SIGNS } from "./rollback-tree.ts";
import { bold } from "./style.ts";

/** Details of one change that are shown, and the longest, in characters. */
const [DETAILS_MAX, DETAIL_MAX] = [20, 400];

export function renderLater({ change, why, details }: RunsLater, paper: Pick<Output, "colour">): string {
  const more = details.length > DETAILS_MAX ? [`    and ${details.length - DETAILS_MAX} more`] : [];
  const lines = [
    bold(`${SIGNS[change.kind]} ${show(change.path)}`, paper),
    `    ${why}`,
    ...details.slice(0, DETAILS_MAX).map((detail) => `    ${show(detail, DETAIL_MAX)}`),
    ...more,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** One line, where there is at least one. */
export function renderLaterHint(later: readonly RunsLater[], id: string): string {
  const [first] = later;
  const what =
    later.length === 1 && first !== undefined
      ? `${show(first.change.path)} runs later, outside the sandbox`
      : `${countText(later.length, "of them", "of them")} run later, outside the sandbox`;
  return `${what}: nono rollback show ${id} --runs-later`;
}
