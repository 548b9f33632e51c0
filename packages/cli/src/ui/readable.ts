// What nono says after a command, on the terminal that the command had: it is to be read whatever the command left there.

import { takeTerminalBack } from "nono-ts/internal";
import type { Io } from "../io.ts";
import { canDraw } from "../terminal/can-draw.ts";

const ESC = "\u001b";

/**
 * Attributes (a text can be concealed), the characters that stand for letters (line drawing), the second set of them, a cursor
 * that is shown, lines that go on in the next row, nothing inserted: ECMA-48, and the private modes of the VT220 and xterm.
 */
const PLAIN = `${ESC}[0m${ESC}(B\u000f${ESC}[?25h${ESC}[?7h${ESC}[4l`;

export function makeReadable({ stderr, env }: Pick<Io, "stderr" | "env">): void {
  if (!stderr.isTerminal) return;
  takeTerminalBack(2);
  if (canDraw(env)) stderr.write(PLAIN);
}
