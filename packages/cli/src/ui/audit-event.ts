// An event of a record as one line. All text in it is of others.

import type { AuditEvent, JsonObject } from "nono-ts";
import { show } from "nono-ts/internal";
import type { SessionData, SessionKind } from "../audit/event.ts";
import { countsText } from "./rollback.ts";

/** Longest command line that is shown, in characters. */
const COMMAND_MAX = 160;

/** `06:12:01.123  denied  read /etc/shadow, by cat (123)`; not wrapped. */
export function eventLine({ at, kind, data }: AuditEvent): string {
  const line = `${at.slice(11, 23)}  ${show(kind, 20).padEnd(9)} ${toldOf(kind, data)}`;
  return show(line.trimEnd(), Number.POSITIVE_INFINITY);
}

/** What somebody has altered may have any form, and is not to keep the rest from being shown. */
function toldOf(kind: string, data: JsonObject): string {
  try {
    return Object.hasOwn(TELL, kind) ? TELL[kind as SessionKind](data as never) : "";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return "not as it was written";
  }
}

/** @param limit in characters */
export function commandText(words: readonly unknown[], limit: number = COMMAND_MAX): string {
  return show(words.map((word) => quoted(String(word))).join(" "), limit);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

type Request = SessionData["denied"];

function requestText(request: Request): string {
  const { operation, path, given, to, process, blocked } = request;
  const what = path === undefined ? otherText(request) : show(path);
  const as = given === undefined ? "" : ` (as ${show(given)})`;
  const towards = to === undefined ? "" : ` to ${show(to)}`;
  const because = blocked === undefined ? "" : `, which is ${show(blocked)}`;
  return `${show(operation)} ${what}${as}${towards}${because}, by ${processText(process)}`;
}

function elsewhereText(other: SessionData["question"]["other"]): string {
  return other === undefined ? "" : ` ${show(other.relation)} ${show(other.path)}`;
}

function processText(process: Request["process"]): string {
  return "name" in process ? `${show(process.name, 40)} (${process.pid})` : `process ${process.pid}`;
}

function otherText({ address, other, object }: Request): string {
  if (object !== undefined) return `${show(object)} made outside`;
  if (other !== undefined)
    return `process ${other.pid}${other.name === "" ? "" : ` (${show(other.name, 40)})`}`;
  return addressText(address);
}

function addressText(address: Request["address"]): string {
  if (typeof address !== "object" || address === null || Array.isArray(address)) return "";
  const { family, host, port, path, name, number } = address as JsonObject;
  if (family === "other") return `of family ${String(number)}`;
  if (family === "internet") return `${show(String(host))} port ${String(port)}`;
  return show(String(path ?? name ?? family));
}

const TELL: { [K in SessionKind]: (data: SessionData[K]) => string } = {
  start: ({ command }) => commandText(command),
  executable: ({ path, sha256 }) => `${show(path)} sha256 ${show(sha256)}`,
  denied: requestText,
  blocked: requestText,
  allowed: requestText,
  withdrawn: requestText,
  question: ({ id, operation, access, path, other, process }) =>
    `${show(id)}: ${other === undefined ? show(access) : show(operation)} ${show(path)}${elsewhereText(other)}, by ${show(process.name, 40)} (${process.pid})`,
  answered: ({ id, decision, scope, by }) =>
    `${show(id)}: ${show(decision)}${scope === undefined ? "" : ` (${show(scope)})`}, by ${answererText(by)}`,
  executed: ({ path, command, process }) => `${executedText(path, command)} (${process.pid})`,
  lost: ({ count }) => `${count} that there was no memory for`,
  snapshot: ({ number, file_count, changes, further_changes }) =>
    `${number}: ${file_count} files, ${changesText(changes, further_changes)}`,
  unsupervised: ({ errno }) => `nothing could be answered any more (errno ${errno})`,
  end: ({ started, ...ending }) => (started === false ? NOT_STARTED : endingText(ending)),
};

/** With its path where the name alone would not tell. */
function executedText(path: string | null, command: readonly string[]): string {
  const [name = ""] = command;
  if (path === null) return `a file without a name: ${commandText(command)}`;
  const same = path === name || path.endsWith(`/${name}`);
  return same ? commandText(command) : `${show(path)}: ${commandText(command)}`;
}

function changesText(changes: SessionData["snapshot"]["changes"], further: number): string {
  const text = countsText(changes as never);
  return text === "" ? "nothing changed" : `${text}${further > 0 ? ` and ${further} more` : ""}`;
}

function answererText({ who, pid, uid, terminal, command }: SessionData["answered"]["by"]): string {
  if (who !== "process") return show(who);
  const place =
    terminal === undefined ? "" : terminal === null ? " without a terminal" : ` on ${show(terminal)}`;
  return `process ${pid} of user ${uid}${place}${command === undefined ? "" : `: ${commandText(command)}`}`;
}

export const NOT_STARTED = "its command could not be started";

export function endingText({ exit_code, signal }: Readonly<{ exit_code: unknown; signal: unknown }>): string {
  return exit_code === null || exit_code === undefined
    ? `signal ${show(String(signal))}`
    : `exit code ${exit_code}`;
}
