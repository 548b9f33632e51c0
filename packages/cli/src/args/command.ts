// Subcommands as data. The code of one is imported when it is called, never before.

import type { ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import type { Completion } from "./operand.ts";
import type { OptionTable, Values } from "./option.ts";

/** Options under a heading of the help. */
export type Section<T extends OptionTable = OptionTable> = Readonly<{ title: string; options: T }>;

/** The only section of a command whose options are of no kinds. */
export function plain<const T extends OptionTable>(options: T): readonly [Section<T>] {
  return [{ title: "Options", options }];
}

/** What stands behind the options. */
export type Operands = Readonly<{
  /** As the usage line shows it: `[--] COMMAND [ARG...]`. */
  usage: string;
  min: number;
  max: number;
  /** The first one starts somebody else's command line: what looks like an option behind it is not ours. */
  passThrough?: boolean;
  completion: Completion;
}>;

export const NO_OPERANDS: Operands = { usage: "", min: 0, max: 0, completion: "none" };

/** A session; the latest, where none is named. */
export const ID_OR_LATEST: Operands = { usage: "[ID]", min: 0, max: 1, completion: "none" };

/** What is known of a call beside its own options. */
export type Call = Readonly<{ operands: readonly string[]; verbose: boolean; silent: boolean; io: Io }>;

export type Action<F> = (flags: F, call: Call) => Promise<ExitCode> | ExitCode;

export type Command = Readonly<{
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Paragraphs for its own help. */
  description: readonly string[];
  examples: readonly string[];
  operands: Operands;
  sections: readonly Section[];
  load(): Promise<Action<never>>;
}>;

/** Commands under a common name: `nono profile list`. */
export type CommandGroup = Readonly<{ name: string; summary: string; commands: readonly Command[] }>;

/** What can be named behind `nono`. */
export type Entry = Command | CommandGroup;

/** Values of all options of some sections. */
export type FlagsOf<S extends readonly Section[]> = Intersection<
  S[number] extends infer One ? (One extends Section<infer T> ? Values<T> : never) : never
>;

type Intersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;

type Definition<S extends readonly Section[]> = Omit<Command, "sections" | "load"> &
  Readonly<{ sections: S; load(): Promise<Action<FlagsOf<S>>> }>;

/** A command whose action takes exactly what its sections give. */
export function defineCommand<const S extends readonly Section[]>(definition: Definition<S>): Command {
  return definition as Definition<S> & Command;
}

export function isGroup(entry: Entry): entry is CommandGroup {
  return "commands" in entry;
}

/** All options of a command, by name. */
export function optionsOf(command: Command): OptionTable {
  return Object.assign({}, ...command.sections.map((section) => section.options));
}
