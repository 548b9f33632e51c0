// One text for one value: RFC 8785, for what a log holds. Numbers are whole; keys are sorted by UTF-16 units.

import { bytesOf, textOf } from "../text/bytes.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A field that is undefined is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Text that stands for bytes that are not UTF-8; RFC 8785 has no place for it in a string. */
const BINARY = "base64";

/** ECMAScript 2024, in Node 20 and Bun; the library of types is older. */
interface WellFormed {
  isWellFormed(): boolean;
}

/** Whether it has half of a pair, which stands for a byte that is not UTF-8. */
function isBinary(text: string): boolean {
  return !(text as unknown as WellFormed).isWellFormed();
}

/**
 * Text of `textOf` whose bytes are not UTF-8 is written as `{"base64":"…"}`, all of it, so that nothing is lost.
 *
 * @throws TypeError for a number that is not a safe integer, and for what is no JSON
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case "string":
      return isBinary(value) ? `{"${BINARY}":"${bytesOf(value).toString("base64")}"}` : JSON.stringify(value);
    case "number":
      if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no whole number`);
      return String(value);
    case "boolean":
      return String(value);
    case "object":
      return value === null
        ? "null"
        : Array.isArray(value)
          ? listText(value)
          : objectText(value as JsonObject);
    default:
      throw new TypeError(`${typeof value} is no JSON`);
  }
}

function listText(list: readonly Json[]): string {
  // Most lists are of texts without anything special, and long ones are.
  if (list.every((one) => typeof one === "string") && !isBinary(list.join("\n"))) return JSON.stringify(list);
  return `[${list.map(canonicalJson).join(",")}]`;
}

function objectText(value: JsonObject): string {
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined)
      text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}

/** The value of a text that `canonicalJson` wrote, its texts as `textOf` gives them. */
export function fromCanonical(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromCanonical);
  const fields = Object.entries(value as JsonObject);
  const [first] = fields;
  if (fields.length === 1 && first?.[0] === BINARY && typeof first[1] === "string")
    return textOf(Buffer.from(first[1], "base64"));
  return Object.fromEntries(fields.map(([key, field]) => [key, field && fromCanonical(field)]));
}
