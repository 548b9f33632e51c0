// Manual pages, made from the tables that the parser and --help read: nono(1), and one for each command and subcommand.
// Source: man(7).

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../step.mjs";
import { VERSION } from "./version.mjs";

/** @param {string} file of packages/cli/src, as it was built */
const built = async (file) => import(pathToFileURL(path.join(root, "packages/cli/dist", file)).href);

const { ENTRIES } = await built("commands/index.js");
const { COMMON, TOP } = await built("args/common-options.js");
const { flagOf } = await built("args/option.js");
const { EXIT_CODES } = await built("exit-code.js");

/** @typedef {{ trail: string[], command: any }} Page */

/** @param {string} directory */
export function writeManual(directory) {
  fs.mkdirSync(directory, { recursive: true });
  for (const [name, lines] of pages())
    fs.writeFileSync(path.join(directory, `${name}.1`), `${lines.join("\n")}\n`);
}

/** @returns {(readonly [string, string[]])[]} each with its name */
function pages() {
  return [
    /** @type {const} */ (["nono", topPage()]),
    ...ENTRIES.flatMap((/** @type {any} */ entry) => {
      if (!("commands" in entry)) return [[`nono-${entry.name}`, commandPage([entry.name], entry, ["nono"])]];
      const group = `nono-${entry.name}`;
      const below = entry.commands.map((/** @type {any} */ command) => {
        const siblings = entry.commands.filter((/** @type {any} */ one) => one !== command);
        const others = siblings.map((/** @type {any} */ one) => `${group}-${one.name}`);
        return [
          `${group}-${command.name}`,
          commandPage([entry.name, command.name], command, ["nono", group, ...others]),
        ];
      });
      return [[group, groupPage(entry)], ...below];
    }),
  ];
}

function topPage() {
  return [
    ...head("nono", "runs a command in a sandbox that the kernel enforces"),
    ".SH SYNOPSIS",
    ".B nono",
    text("[-s|-v] COMMAND [OPTIONS] ..."),
    ".SH DESCRIPTION",
    text(
      "Starts a command so that the kernel refuses whatever was not granted, to it and to all that it starts: files, " +
        "network, unix sockets, other processes. Profiles for AI agents come with it.",
    ),
    ".SH COMMANDS",
    ...list(ENTRIES.map((/** @type {any} */ entry) => ({ trail: [entry.name], command: entry }))),
    ".SH OPTIONS",
    ...options(TOP),
    ...exitStatus(),
    ".SH FILES",
    ...FILES.flatMap(([file, what]) => [".TP", `.I ${escaped(file)}`, text(what)]),
    ".SH EXAMPLES",
    ...examples([
      "nono run --profile claude-code --allow-cwd -- claude",
      "nono why --path ~/.ssh/id_ed25519 --op read",
    ]),
    ...seeAlso(["nono-run", "nono-why", "nono-profile", "nono-setup"]),
  ];
}

/** @type {[string, string][]} */
const FILES = [
  ["$XDG_CONFIG_HOME/nono/profiles/NAME.json", "profiles of yours; ~/.config where the variable is not set"],
  ["$XDG_STATE_HOME/nono", "records and snapshots of sessions; ~/.local/state where the variable is not set"],
];

/** @param {any} group */
function groupPage(group) {
  const commands = group.commands.map((/** @type {any} */ command) => ({
    trail: [group.name, command.name],
    command,
  }));
  return [
    ...head(`nono-${group.name}`, group.summary),
    ".SH SYNOPSIS",
    `.B nono ${escaped(group.name)}`,
    text("COMMAND [OPTIONS] ..."),
    ".SH COMMANDS",
    ...list(commands),
    ".SH COMMON OPTIONS",
    ...options(COMMON),
    ...exitStatus(),
    ...seeAlso(["nono"]),
  ];
}

/** @param {string[]} trail @param {any} command @param {readonly string[]} related */
function commandPage(trail, command, related) {
  const usage = [command.sections.length > 0 ? "[OPTIONS]" : "", command.operands.usage]
    .filter(Boolean)
    .join(" ");
  return [
    ...head(["nono", ...trail].join("-"), command.summary),
    ".SH SYNOPSIS",
    `.B nono ${escaped(trail.join(" "))}`,
    ...(usage === "" ? [] : [text(usage)]),
    ".SH DESCRIPTION",
    ...command.description.flatMap((/** @type {string} */ paragraph, /** @type {number} */ index) => [
      ...(index === 0 ? [] : [".PP"]),
      text(paragraph),
    ]),
    ...command.sections.flatMap((/** @type {any} */ section) => [
      `.SH ${escaped(section.title.toUpperCase())}`,
      ...options(section.options),
    ]),
    ".SH COMMON OPTIONS",
    ...options(COMMON),
    ".SH EXAMPLES",
    ...examples(command.examples),
    ...exitStatus(),
    ...seeAlso(related),
  ];
}

/** @param {readonly Page[]} pages */
function list(pages) {
  return pages.flatMap(({ trail, command }) => [".TP", `.BR ${name(trail)} (1)`, text(command.summary)]);
}

/** @param {readonly string[]} lines */
function examples(lines) {
  return [".EX", ...lines.map(text), ".EE"];
}

/** @param {readonly string[]} names */
function seeAlso(names) {
  const last = names.length - 1;
  return [
    ".SH SEE ALSO",
    ...names.map((one, index) => `.BR ${escaped(one)} (1)${index === last ? "" : ","}`),
  ];
}

/** @param {string} title @param {string} summary */
function head(title, summary) {
  const date = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString().slice(0, 10);
  return [
    `.TH ${title.toUpperCase().replaceAll("-", "\\-")} 1 ${date} "nono ${VERSION}" "User Commands"`,
    ".SH NAME",
    `${escaped(title)} \\- ${escaped(summary)}`,
  ];
}

function exitStatus() {
  return [".SH EXIT STATUS", text(EXIT_CODES)];
}

/** @param {Record<string, any>} table */
function options(table) {
  return Object.entries(table).flatMap(([key, option]) => {
    const letter = option.short === undefined ? "" : `\\fB\\-${option.short}\\fR, `;
    const operand =
      option.kind === "below"
        ? `[/\\fI${option.label}\\fR]`
        : option.kind === "switch"
          ? ""
          : ` \\fI${escaped(option.operand.label)}\\fR`;
    const value = option.kind === "switch" && option.negative ? "=0" : "";
    const variable = option.env === undefined ? "" : ` [${option.env}${value}]`;
    return [".TP", `${letter}\\fB${escaped(flagOf(key))}\\fR${operand}`, text(option.help + variable)];
  });
}

/** @param {string[]} trail */
function name(trail) {
  return escaped(["nono", ...trail].join("-"));
}

/** No line of it is taken for a request. @param {string} words */
function text(words) {
  return escaped(words).replace(/^(?=[.'])/, "\\&");
}

/** @param {string} words */
function escaped(words) {
  return words
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll(/`([^`]+)`/g, "\\fB$1\\fR");
}
