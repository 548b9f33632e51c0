// JSON for a terminal or a file: whoever chose the texts in it cannot make either do anything.

import { UNSAFE } from "./show.ts";

/**
 * The value as `JSON.stringify` writes it, where what could move a cursor, reorder or hide characters is escaped as well. It
 * is the same value to whoever parses it.
 */
export function showJson(value: unknown, indent?: number): string {
  return showJsonText(JSON.stringify(value, undefined, indent));
}

/** The same for a value that is JSON already. */
export function showJsonText(json: string): string {
  return json.replace(UNSAFE, (character) => (character === "\n" ? character : escaped(character)));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
