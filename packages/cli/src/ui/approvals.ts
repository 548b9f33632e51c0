// Requests that wait for an answer, for another terminal.

import { show } from "nono-ts";
import type { ListedRequest } from "../approval/socket/messages.ts";
import type { Output } from "../io.ts";
import { bold } from "./style.ts";

/** Longest command line that is shown, in characters. */
const COMMAND_MAX = 200;

export function renderApprovals(
  requests: readonly ListedRequest[],
  paper: Pick<Output, "columns" | "colour">,
): string {
  return requests.map((request) => `${linesOf(request, paper).join("\n")}\n`).join("");
}

function linesOf(request: ListedRequest, paper: Pick<Output, "colour">): readonly string[] {
  const { id, session, process, operation, access, path, asked, viaLink, runsLater } = request;
  const what = operation === "open" || operation === access ? access : `${access} (${operation})`;
  return [
    `${bold(id, paper)}  ${what}  ${show(path)}`,
    ...(viaLink ? [`      named ${show(asked)}, a link leads there`] : []),
    ...(runsLater === undefined ? [] : [`      later: ${show(runsLater)}`]),
    `      by ${show(process.name)} (${process.pid}): ${show(process.command.join(" "), COMMAND_MAX)}`,
    `      in ${show(session)}`,
  ];
}
