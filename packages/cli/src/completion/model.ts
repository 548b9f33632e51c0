// What there is to complete, flattened for the shells from the tables that the parser reads.

import { type Entry, isGroup, optionsOf } from "../args/command.ts";
import { COMMON, TOP } from "../args/common-options.ts";
import type { Completion } from "../args/operand.ts";
import { flagOf, type OptionTable } from "../args/option.ts";

export type CompletedOption = Readonly<{
  /** `--read`, `-r`. */
  flags: readonly string[];
  help: string;
  /** What its value is completed with; undefined: it takes none. */
  value: Completion | undefined;
}>;

/** One place in a command line: behind `nono`, behind `nono run`, behind `nono profile`. */
export type Place = Readonly<{
  /** Subcommands on the way: `["profile", "show"]`. */
  path: readonly string[];
  subcommands: readonly Readonly<{ name: string; summary: string }>[];
  options: readonly CompletedOption[];
  operand: Completion;
  /** A command line of somebody else's starts with the first operand. */
  passThrough: boolean;
}>;

/** Every place, the top first. */
export function placesOf(entries: readonly Entry[]): readonly Place[] {
  const top = placeOf([], entries, TOP, "none", false);
  return [top, ...entries.flatMap((entry) => placesBelow(entry, []))];
}

function placesBelow(entry: Entry, parents: readonly string[]): readonly Place[] {
  const path = [...parents, entry.name];
  if (isGroup(entry)) {
    const own = placeOf(path, entry.commands, COMMON, "none", false);
    return [own, ...entry.commands.flatMap((command) => placesBelow(command, path))];
  }
  const { completion, passThrough = false } = entry.operands;
  return [placeOf(path, [], { ...optionsOf(entry), ...COMMON }, completion, passThrough)];
}

function placeOf(
  path: readonly string[],
  subcommands: Place["subcommands"],
  table: OptionTable,
  operand: Completion,
  passThrough: boolean,
): Place {
  const options = Object.entries(table).map(([name, option]) => ({
    flags: [flagOf(name), ...(option.short === undefined ? [] : [`-${option.short}`])],
    help: option.help,
    value: option.kind === "one" || option.kind === "many" ? option.operand.completion : undefined,
  }));
  return {
    path,
    subcommands: subcommands.map(({ name, summary }) => ({ name, summary })),
    options,
    operand,
    passThrough,
  };
}
