// The first half of parsing: which option each word of argv belongs to, without judging values.

import type { CliProblem } from "../error.ts";
import { nearest } from "../text/nearest.ts";
import { type Entry, isGroup, optionsOf } from "./command.ts";
import { COMMON, TOP } from "./common-options.ts";
import { flagOf, type Option, type OptionTable } from "./option.ts";

export type Scan = {
  /** Names on the way to the command, for messages: `nono profile show`. */
  trail: string;
  entry: Entry | undefined;
  /** Raw values by option name; a switch has `""`. */
  given: Map<string, string[]>;
  operands: string[];
  problems: CliProblem[];
};

export function scan(argv: readonly string[], entries: readonly Entry[]): Scan {
  const state: Scan = { trail: "nono", entry: undefined, given: new Map(), operands: [], problems: [] };
  const queue = [...argv];
  for (let token = queue.shift(); token !== undefined; token = queue.shift()) {
    if (token === "--") {
      state.operands.push(...queue.splice(0));
    } else if (token.startsWith("--")) {
      long(state, token, queue);
    } else if (token.startsWith("-") && token !== "-") {
      cluster(state, token, queue);
    } else {
      word(state, token, queue, entries);
    }
  }
  return state;
}

function word(state: Scan, token: string, queue: string[], entries: readonly Entry[]): void {
  if (state.entry !== undefined && !isGroup(state.entry)) {
    state.operands.push(token);
    if (state.entry.operands.passThrough) state.operands.push(...queue.splice(0));
    return;
  }
  const choice: readonly Entry[] = state.entry === undefined ? entries : state.entry.commands;
  const entry = choice.find(({ name }) => name === token);
  if (entry === undefined) {
    const near = nearest(
      token,
      choice.map(({ name }) => name),
    );
    const meant = near === undefined ? undefined : `${state.trail} ${near}`;
    state.problems.push({ code: "unknown-command", given: token, within: state.trail, nearest: meant });
    queue.splice(0);
  } else {
    state.entry = entry;
    state.trail += ` ${entry.name}`;
  }
}

/** What may be given here. */
function tableOf(entry: Entry | undefined): OptionTable {
  if (entry === undefined) return TOP;
  return isGroup(entry) ? COMMON : { ...COMMON, ...optionsOf(entry) };
}

function long(state: Scan, token: string, queue: string[]): void {
  const [flagText, value] = splitOnce(token, "=");
  const [flagName, subdirectory] = splitOnce(flagText, "/");
  const table = tableOf(state.entry);
  const found = Object.entries(table).find(([name]) => flagOf(name) === flagName);
  if (found === undefined || (subdirectory !== undefined && found[1].kind !== "below")) {
    const near = nearest(flagName, Object.keys(table).map(flagOf));
    state.problems.push({ code: "unknown-option", given: flagText, within: state.trail, nearest: near });
    return;
  }
  const [name, option] = found;
  if (option.kind === "below") {
    // A file name may hold `=`: whatever stands behind the first slash is one.
    const narrowed = subdirectory === undefined ? undefined : token.slice(flagName.length + 1);
    if (narrowed === undefined && value !== undefined)
      state.problems.push({ code: "subdirectory", option: token });
    else if (narrowed !== undefined && !isBelow(narrowed))
      state.problems.push({ code: "subdirectory", option: token });
    else add(state, name, narrowed ?? ".");
  } else {
    accept(state, name, option, flagName, value, queue);
  }
}

function cluster(state: Scan, token: string, queue: string[]): void {
  const table = tableOf(state.entry);
  for (let at = 1; at < token.length; at++) {
    const found = Object.entries(table).find(([, option]) => option.short === token[at]);
    if (found === undefined) {
      state.problems.push({
        code: "unknown-option",
        given: `-${token[at]}`,
        within: state.trail,
        nearest: undefined,
      });
      return;
    }
    const [name, option] = found;
    const rest = token.slice(at + 1).replace(/^=/, "");
    const takesValue = option.kind === "one" || option.kind === "many";
    accept(state, name, option, `-${token[at]}`, takesValue && rest !== "" ? rest : undefined, queue);
    if (takesValue) return;
  }
}

function accept(
  state: Scan,
  name: string,
  option: Option,
  typed: string,
  value: string | undefined,
  queue: string[],
): void {
  if (option.kind === "switch" || option.kind === "below") {
    if (value === undefined) add(state, name, option.kind === "below" ? "." : "");
    else state.problems.push({ code: "option-with-value", option: typed });
    return;
  }
  const next = queue[0];
  if (value === undefined && next !== undefined && (next === "-" || !next.startsWith("-"))) {
    add(state, name, queue.shift() as string);
  } else if (value === undefined) {
    state.problems.push({ code: "option-without-value", option: typed, label: option.operand.label });
  } else {
    add(state, name, value);
  }
}

function add(state: Scan, name: string, value: string): void {
  const values = state.given.get(name);
  if (values === undefined) state.given.set(name, [value]);
  else values.push(value);
}

/** Names of directories below another one: no way up, no root, nothing empty. */
function isBelow(path: string): boolean {
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
