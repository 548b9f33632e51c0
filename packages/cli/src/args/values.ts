// The second half of parsing: the words of an option, or the variable that stands for it, as its checked value.

import type { CliProblem } from "../error.ts";
import { flagOf, type Option, type OptionTable } from "./option.ts";

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["no", false],
]);

type Context = Readonly<{ report: (problem: CliProblem) => void; home: string | undefined }>;

export function valuesOf(
  table: OptionTable,
  given: ReadonlyMap<string, readonly string[]>,
  env: Readonly<Record<string, string>>,
  report: Context["report"],
): Record<string, unknown> {
  const context: Context = { report, home: env.HOME?.startsWith("/") ? env.HOME : undefined };
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => {
      const typed = given.get(name) ?? (isContradicted(option, given) ? [] : undefined);
      const fromEnv = typed === undefined && option.env !== undefined ? env[option.env] : undefined;
      return fromEnv === undefined || fromEnv === ""
        ? [name, checkedValue(option, typed ?? [], () => flagOf(name), context)]
        : [name, valueOfVariable(option, fromEnv, option.env as string, context)];
    }),
  );
}

function isContradicted(option: Option, given: ReadonlyMap<string, readonly string[]>): boolean {
  return option.kind === "switch" && option.opposite !== undefined && given.has(option.opposite);
}

function checkedValue(
  option: Option,
  texts: readonly string[],
  where: () => string,
  { report, home }: Context,
): unknown {
  if (option.kind === "switch") return texts.length > 0;
  if (option.kind === "below") return texts;
  const values = texts.map((text) => {
    const value = option.operand.parse(text, home);
    if (value === undefined)
      report({ code: "option-value", option: where(), value: text, expected: option.operand.expected });
    return value;
  });
  if (option.kind === "many") return values;
  if (values.length > 1 && new Set(values).size > 1) report({ code: "option-twice", option: where() });
  return values[0];
}

function valueOfVariable(option: Option, text: string, variable: string, context: Context): unknown {
  if (option.kind === "many")
    return checkedValue(option, text.split(":").filter(Boolean), () => variable, context);
  if (option.kind === "one") return checkedValue(option, [text], () => variable, context);
  const on = SWITCHES.get(text.toLowerCase());
  if (on === undefined)
    context.report({ code: "option-value", option: variable, value: text, expected: "1 or 0" });
  if (option.kind === "switch") return on === (option.negative !== true);
  return on === true ? ["."] : [];
}
