// The few styles there are, and only where the output takes them; and what width is left without them.

import type { Output } from "../io.ts";

export function bold(text: string, output: Pick<Output, "colour">): string {
  return output.colour ? `\u001b[1m${text}\u001b[22m` : text;
}

/** A line of a diff that is there now. */
export function added(text: string, output: Pick<Output, "colour">): string {
  return output.colour ? `\u001b[32m${text}\u001b[39m` : text;
}

/** A line of a diff that was there before. */
export function removed(text: string, output: Pick<Output, "colour">): string {
  return output.colour ? `\u001b[31m${text}\u001b[39m` : text;
}

/** What a key acts on; never the only sign of it. */
export function marked(text: string, output: Pick<Output, "colour">): string {
  return output.colour ? `\u001b[7m${text}\u001b[27m` : text;
}

/** A terminal gives these two columns (Unicode Standard Annex #11, without what is ambiguous). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;

/** And these none: they stand over the character before. */
const COMBINING = /\p{M}/u;

/** Columns that `text` takes: without styles. */
export function widthOf(text: string): number {
  if (!/[^ -~]/.test(text)) return text.length;
  const plain = text.replace(/\u001b\[[0-9]+m/g, "");
  return Array.from(plain).reduce((width, character) => width + columnsOf(character), 0);
}

function columnsOf(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Its beginning, in `columns` or less; `…` tells that something is missing. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [kept, width] = ["", 1];
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns) break;
    kept += character;
  }
  return `${kept}…`;
}
