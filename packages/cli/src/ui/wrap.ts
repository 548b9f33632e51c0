// Lines no longer than the terminal is wide.

import { widthOf } from "./style.ts";

/**
 * `text` broken at spaces; a word that is too long for a line has one of its own.
 *
 * @param columns of the whole line, indentation included
 * @param indent columns before every line
 */
export function wrap(text: string, columns: number, indent = 0): string[] {
  const margin = " ".repeat(indent);
  const width = /[^ -~]/.test(text) ? widthOf : (plain: string) => plain.length;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(text.includes("  ") ? / +/ : " ")) {
    if (line !== "" && indent + width(line) + 1 + width(word) > columns) {
      lines.push(margin + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, margin + line];
}
