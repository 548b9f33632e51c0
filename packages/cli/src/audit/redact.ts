// Secrets are taken out of what is recorded before it is written. Pure.

import type { Json, JsonObject } from "nono-ts";
import {
  ARGUMENT_RULES,
  SECRET_NAME,
  SECRET_OPTIONS,
  TEXT_RULES,
  type TextRule,
  USER_OPTIONS,
} from "./redaction-rules.ts";

const REDACTED = "[redacted]";

/** Shorter values would take every other word for a secret. */
const [INJECTED_MIN, VALUE_MIN] = [4, 6];

/** Fields that hold a command line. */
const COMMAND_LINES: ReadonlySet<string> = new Set(["command", "arguments"]);

export type Redaction = Readonly<{
  /** Values that the command was given as secrets. */
  injected: readonly string[];
  /** Values that are secrets by the names of their variables. */
  values: readonly string[];
  /** Names of options and variables whose values are secrets, beside those that are known. */
  names: readonly string[];
  /** Regular expressions of the user: what they find is a secret. */
  patterns: readonly string[];
}>;

export class Redactor {
  readonly #values: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #patterns: readonly RegExp[];

  constructor({ injected, values, names, patterns }: Redaction) {
    const known = [
      ...injected.filter((value) => value.length >= INJECTED_MIN),
      ...values.filter((value) => value.length >= VALUE_MIN),
    ];
    // The longest first: one may be the beginning of another.
    this.#values = known.sort((a, b) => b.length - a.length);
    this.#names = new Set(names.map(bare));
    this.#patterns = patterns.map((pattern) => new RegExp(pattern, "g"));
  }

  /** The same data without secrets; `redacted` names the places, as JSON pointers (RFC 6901), where there are any. */
  data(data: JsonObject): JsonObject {
    if (this.#isPlain(data)) return data;
    const places: string[] = [];
    const clean = this.#object(data, "", places);
    return places.length === 0 ? clean : { ...clean, redacted: places };
  }

  /**
   * Whether nothing is to be taken out: all texts at once, since most data has none of it. Between two of them stands what
   * no rule takes for a part of a word, so that whatever is found in one is found here, too.
   */
  #isPlain(data: JsonObject): boolean {
    if (this.#patterns.length > 0) return false; // what they find depends on where a text begins and ends
    const texts: string[] = [];
    const commands: string[][] = [];
    gather(data, texts, commands);
    const joined = texts.join("\n");
    if (this.#values.some((value) => joined.includes(value)) || isFound(joined, TEXT_RULES)) return false;
    return commands.every((words) => this.#isPlainCommand(words));
  }

  #isPlainCommand(words: readonly string[]): boolean {
    const joined = words.join("\n");
    if (SECRET_NAME.test(joined) || isFound(joined, rulesFor(joined))) return false;
    return words.every((word) => {
      const end = word.indexOf("=");
      const name = end < 0 ? word : word.slice(0, end);
      return !USER_OPTIONS.has(word) && !SECRET_OPTIONS.has(name) && !this.#isNamed(name);
    });
  }

  commandLine(words: readonly string[]): readonly string[] {
    return words.map((word, index) => this.#argument(word, words[index - 1] ?? ""));
  }

  #object(value: JsonObject, place: string, places: string[]): JsonObject {
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => {
        const at = `${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        if (COMMAND_LINES.has(key) && Array.isArray(field))
          return [key, this.#commandLine(field, at, places)];
        return [key, field === undefined ? undefined : this.#value(field, at, places)];
      }),
    );
  }

  #value(value: Json, place: string, places: string[]): Json {
    if (typeof value === "string") return this.#noting(value, this.text(value), place, places);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((one, index) => this.#value(one, `${place}/${index}`, places));
    return this.#object(value as JsonObject, place, places);
  }

  #commandLine(words: readonly Json[], place: string, places: string[]): Json {
    return words.map((word, index) => {
      if (typeof word !== "string") return word;
      const previous = words[index - 1];
      const clean = this.#argument(word, typeof previous === "string" ? previous : "");
      return this.#noting(word, clean, `${place}/${index}`, places);
    });
  }

  #argument(word: string, previous: string): string {
    if (USER_OPTIONS.has(previous) && word.includes(":")) return `${word.split(":")[0]}:${REDACTED}`;
    if (
      previous.startsWith("-") &&
      !previous.includes("=") &&
      !word.startsWith("-") &&
      this.#isSecret(previous)
    )
      return REDACTED;
    const [name = "", ...rest] = word.split("=");
    // What stands behind -c is a script, of which only words are secrets.
    if (rest.length > 0 && previous !== "-c" && this.#isSecret(name) && /^[\w.-]+$/.test(name))
      return `${name}=${REDACTED}`;
    const clean = this.text(word);
    return replaced(clean, rulesFor(clean));
  }

  #isSecret(name: string): boolean {
    return SECRET_NAME.test(name) || SECRET_OPTIONS.has(name) || this.#isNamed(name);
  }

  /** Most have no names of their own to look for. */
  #isNamed(name: string): boolean {
    return this.#names.size > 0 && this.#names.has(bare(name));
  }

  text(text: string): string {
    const own = this.#patterns.reduce((rest, pattern) => rest.replaceAll(pattern, REDACTED), text);
    const clean = this.#values.reduce((rest, value) => rest.replaceAll(value, REDACTED), own);
    return replaced(clean, TEXT_RULES);
  }

  #noting(text: string, clean: string, place: string, places: string[]): string {
    if (clean !== text) places.push(place);
    return clean;
  }
}

function gather(value: Json | undefined, texts: string[], commands: string[][], key = ""): void {
  if (typeof value === "string") texts.push(value);
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) {
    for (const [name, field] of Object.entries(value)) gather(field, texts, commands, name);
    return;
  }
  const words = value.filter((one) => typeof one === "string");
  if (COMMAND_LINES.has(key)) commands.push(words);
  if (words.length < value.length) for (const one of value) gather(one, texts, commands);
  else texts.push(words.join("\n")); // as all are joined in the end
}

/** Most rules look for a name, again and again in a long word: that there is one is seen much faster. */
function rulesFor(text: string): readonly TextRule[] {
  return SECRET_NAME.test(text) ? ARGUMENT_RULES : UNNAMED_RULES;
}

const UNNAMED_RULES = ARGUMENT_RULES.filter(({ named }) => !named);

function isFound(text: string, rules: readonly TextRule[]): boolean {
  return rules.some((rule) => hasSign(text, rule) && text.search(rule.pattern) >= 0);
}

function replaced(text: string, rules: readonly TextRule[]): string {
  return rules.reduce(
    (rest, rule) =>
      hasSign(rest, rule) ? rest.replaceAll(rule.pattern, rule.keep ? `$1${REDACTED}` : REDACTED) : rest,
    text,
  );
}

function hasSign(text: string, { signs }: TextRule): boolean {
  return signs.some((sign) => text.includes(sign));
}

function bare(name: string): string {
  return name.replace(/^-+/, "").toLowerCase();
}

/** Values of variables whose names say that they are secrets. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) ? [value] : [],
  );
}
