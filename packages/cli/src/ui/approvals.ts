// Requests that wait for an answer, for another terminal.

import { show } from "nono-ts/internal";
import type { ListedRequest } from "../approval/socket/messages.ts";
import type { Output } from "../io.ts";
import { commandText } from "./audit-event.ts";
import { bold, cut } from "./style.ts";

type Paper = Pick<Output, "width" | "colour">;

/** What is asked for is never cut: the answer depends on it. What somebody says of themselves is. */
export function renderApprovals(requests: readonly ListedRequest[], paper: Paper): string {
  return requests.map((request) => `${linesOf(request, paper).join("\n")}\n`).join("");
}

function linesOf(request: ListedRequest, paper: Paper): readonly string[] {
  const { id, session, process, operation, access, path, asked, viaLink, runsLater, other } = request;
  const what = operation === "open" || operation === access ? access : `${access} (${operation})`;
  return [
    `${bold(id, paper)}  ${what}  ${show(path)}`,
    ...(viaLink ? [`      named ${show(asked)}, a link leads there`] : []),
    ...(other === undefined ? [] : [`      ${other.relation} ${show(other.path)}`]),
    ...(runsLater === undefined ? [] : [`      later: ${show(runsLater)}`]),
    cut(
      `      by ${show(process.name)} (${process.pid}): ${commandText(process.command, Number.POSITIVE_INFINITY)}`,
      paper.width,
    ),
    `      in ${show(session)}`,
  ];
}
