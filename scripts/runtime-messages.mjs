// What Bun itself says before our first instruction, said as nono says it. In a deleted working directory no program
// of Bun's gets as far as its own code, so there is no other place to say it in.

import fs from "node:fs";

const THEIRS =
  "The current working directory was deleted, so that command didn't work. Please cd into a different directory and try again.";
const OURS = "nono: the working directory was deleted: change to another one";

/** What stands before it: with styles and without. */
const PREFIXES = ["\u001b[0m\u001b[31merror\u001b[0m\u001b[2m:\u001b[0m ", "error: "];

/**
 * Replaces the texts in place, each by one of the same length.
 *
 * @param {string} executable
 * @throws Error when a newer Bun has other texts: then this file has to follow
 */
export function sayAsNono(executable) {
  const bytes = fs.readFileSync(executable);
  for (const prefix of PREFIXES) {
    const theirs = Buffer.from(prefix + THEIRS);
    const at = bytes.indexOf(theirs);
    if (at < 0 || bytes.indexOf(theirs, at + 1) >= 0)
      throw new Error(`Bun's message about a deleted working directory is not once in ${executable}`);
    Buffer.from(OURS.padEnd(theirs.length)).copy(bytes, at);
  }
  fs.writeFileSync(executable, bytes);
}
