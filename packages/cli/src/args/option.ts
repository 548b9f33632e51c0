// Options as data: parser, help and completions are all made from the same tables.

import type { Operand } from "./operand.ts";

type Named = Readonly<{
  help: string;
  /** One letter. */
  short?: string;
  /** The variable that stands for it when it is not given. Lists are separated by `:`, switches are 1 or 0. */
  env?: string;
}>;

/** `opposite`: the switch that says the contrary. Of both, what is typed decides, else the variable: it is 0 or 1 for `--no-…`. */
export type Switch = Named & Readonly<{ kind: "switch"; opposite?: string; negative?: boolean }>;
export type One<T> = Named & Readonly<{ kind: "one"; operand: Operand<T> }>;
export type Many<T> = Named & Readonly<{ kind: "many"; operand: Operand<T> }>;
/** A switch that can be narrowed, and then given several times: `--allow-cwd/src`. Its value lists them; `.` is all. */
export type Below = Named & Readonly<{ kind: "below"; label: string }>;

export type Option = Switch | One<unknown> | Many<unknown> | Below;

/** Options by name in camel case: `allowFile` is `--allow-file`. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What parsing a table gives. */
export type Values<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

type ValueOf<O> = O extends { kind: "switch" }
  ? boolean
  : O extends { kind: "below" }
    ? readonly string[]
    : O extends One<infer T>
      ? T | undefined
      : O extends Many<infer T>
        ? readonly T[]
        : never;

type Extra = Omit<Named, "help">;

export function flag(help: string, extra: Extra & Pick<Switch, "opposite" | "negative"> = {}): Switch {
  return { kind: "switch", help, ...extra };
}

export function one<T>(operand: Operand<T>, help: string, extra: Extra = {}): One<T> {
  return { kind: "one", operand, help, ...extra };
}

export function many<T>(operand: Operand<T>, help: string, extra: Extra = {}): Many<T> {
  return { kind: "many", operand, help, ...extra };
}

export function below(label: string, help: string, extra: Extra = {}): Below {
  return { kind: "below", label, help, ...extra };
}

/** `allowFile` as it is typed: `--allow-file`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
