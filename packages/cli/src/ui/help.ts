// Help, made from the tables that the parser reads.

import { type Command, type CommandGroup, type Entry, isGroup } from "../args/command.ts";
import { COMMON, TOP } from "../args/common-options.ts";
import { flagOf, type Option, type OptionTable } from "../args/option.ts";
import { EXIT_CODES } from "../exit-code.ts";
import type { Output } from "../io.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";
import { wrap } from "./wrap.ts";

/** The same in every section of a page. */
const OPTION_TEXT_COLUMN = 28;

type Paper = Pick<Output, "columns" | "colour">;

/** `nono --help`. */
function topHelp(entries: readonly Entry[], paper: Paper): string {
  return page([
    wrap("nono: runs a command in a sandbox that the kernel enforces", paper.columns),
    part("Usage", ["  nono [-s|-v] COMMAND [OPTIONS] ..."], paper),
    part("Commands", listed(entries, paper), paper),
    part("Options", options(TOP, paper), paper),
    part(
      "Examples",
      [
        "  nono run --profile claude-code --allow-cwd -- claude",
        "  nono why --path ~/.ssh/id_ed25519 --op read",
      ],
      paper,
    ),
    exitCodes(paper),
    wrap("nono COMMAND --help says more.", paper.columns),
  ]);
}

/** `nono profile --help`. */
function groupHelp(group: CommandGroup, paper: Paper): string {
  return page([
    wrap(`nono ${group.name}: ${group.summary}`, paper.columns),
    part("Usage", [`  nono ${group.name} COMMAND [OPTIONS] ...`], paper),
    part("Commands", listed(group.commands, paper), paper),
    part("Options", options(COMMON, paper), paper),
    exitCodes(paper),
  ]);
}

/** `nono run --help`. @param trail as it is typed: `nono profile show` */
function commandHelp(trail: string, command: Command, paper: Paper): string {
  const usage = [`  ${trail}`, command.sections.length > 0 ? "[OPTIONS]" : "", command.operands.usage];
  const sections = command.sections.map(({ title, options: table }) =>
    part(title, options(table, paper), paper),
  );
  return page([
    wrap(`${trail}: ${command.summary}`, paper.columns),
    part("Usage", [usage.filter(Boolean).join(" ")], paper),
    ...command.description.map((paragraph) => wrap(paragraph, paper.columns)),
    ...sections,
    part("Common", options(COMMON, paper), paper),
    part(
      "Examples",
      command.examples.map((example) => `  ${example}`),
      paper,
    ),
    exitCodes(paper),
  ]);
}

/** The help of whatever was named. */
export function helpOf(
  entry: Entry | undefined,
  trail: string,
  entries: readonly Entry[],
  paper: Paper,
): string {
  if (entry === undefined) return topHelp(entries, paper);
  return isGroup(entry) ? groupHelp(entry, paper) : commandHelp(trail, entry, paper);
}

function page(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function part(title: string, lines: readonly string[], paper: Paper): readonly string[] {
  return lines.length === 0 ? [] : [bold(`${title}:`, paper), ...lines];
}

function exitCodes(paper: Paper): readonly string[] {
  return part("Exit codes", wrap(EXIT_CODES, paper.columns, 2), paper);
}

function listed(entries: readonly Entry[], { columns }: Paper): readonly string[] {
  return rows(
    entries.map(({ name, summary }) => [name, summary]),
    { columns },
  );
}

function options(table: OptionTable, { columns }: Paper): readonly string[] {
  return rows(
    Object.entries(table).map(([name, option]) => [labelOf(name, option), textOf(option)]),
    { columns, textColumn: OPTION_TEXT_COLUMN },
  );
}

/** `-p, --profile PROFILE` */
function labelOf(name: string, option: Option): string {
  const letter = option.short === undefined ? "    " : `-${option.short}, `;
  if (option.kind === "below") return `${letter}${flagOf(name)}[/${option.label}]`;
  const operand = option.kind === "switch" ? "" : ` ${option.operand.label}`;
  return letter + flagOf(name) + operand;
}

function textOf(option: Option): string {
  if (option.env === undefined) return option.help;
  const value = option.kind === "switch" && option.negative ? "=0" : "";
  return `${option.help} [${option.env}${value}]`;
}
