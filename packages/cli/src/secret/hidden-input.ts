// A line that is typed and not shown.

import { setTimeout } from "node:timers/promises";
import { SecretBytes } from "nono-ts";
import { TerminalInput } from "nono-ts/internal";
import { CliError } from "../error.ts";

const [ENTER, LINE_FEED, ERASE, BACKSPACE, ESCAPE, KILL_LINE] = [0x0d, 0x0a, 0x7f, 0x08, 0x1b, 0x15];
/** The first byte that is no control character. */
const BLANK = 0x20;
/** ^C, ^D */
const GIVING_UP = [0x03, 0x04];

/** Bytes; what is longer is piped in. */
const LIMIT = 8192;

/** Milliseconds between two parts of what is pasted, at most. */
const SETTLED = 20;

/**
 * @param question with a blank at its end
 * @param secret what is typed, for messages
 * @throws CliError `secret-prompt` without a terminal, when it is given up, or is no line; NonoError `secret-value`
 */
export async function askHidden(question: string, secret: string): Promise<SecretBytes> {
  const terminal = TerminalInput.open();
  if (terminal === undefined) throw new CliError({ code: "secret-prompt", secret, given: "no-terminal" });
  const line = Buffer.allocUnsafeSlow(LIMIT + 1);
  try {
    terminal.write(question);
    const typed = await readLine(terminal, line);
    terminal.write("\r\n");
    if (typeof typed === "string") throw new CliError({ code: "secret-prompt", secret, given: typed });
    return new SecretBytes(Uint8Array.from(line.subarray(0, typed)), secret);
  } finally {
    line.fill(0);
    terminal.close();
  }
}

/** How many bytes of `line` were typed, or why there is no answer. */
async function readLine(
  terminal: TerminalInput,
  line: Uint8Array,
): Promise<number | "up" | "long" | "lines"> {
  for (let length = 0; ; ) {
    const typed = await terminal.read();
    if (typed.length === 0) return "up";
    const end = typed.findIndex((byte) => byte === ENTER || byte === LINE_FEED || GIVING_UP.includes(byte));
    const [last, isMore] = [typed[end], end >= 0 && end < typed.length - 1];
    length = edit(line, length, end < 0 ? typed : typed.subarray(0, end));
    typed.fill(0);
    if (last === undefined) continue;
    if (GIVING_UP.includes(last)) return "up";
    if ((await isFollowed(terminal)) || isMore) return "lines";
    return length > LIMIT ? "long" : length;
  }
}

/** Whether more was pasted than a line: the shell must not get the rest as commands. */
async function isFollowed(terminal: TerminalInput): Promise<boolean> {
  for (let some = false; ; some = true) {
    await setTimeout(SETTLED);
    if (!terminal.drop()) return some;
  }
}

/** The line after these keys. An escape and what follows it is a key that is no character. */
function edit(line: Uint8Array, before: number, keys: Uint8Array): number {
  let length = before;
  for (const key of keys) {
    if (key === ESCAPE) break;
    if (key === KILL_LINE) length = 0;
    else if (key === ERASE || key === BACKSPACE) length = beforeLast(line, length);
    else if (key >= BLANK && length < line.length) line[length++] = key;
  }
  return length;
}

/** One character of UTF-8 less. */
function beforeLast(line: Uint8Array, length: number): number {
  let at = Math.max(0, length - 1);
  while (at > 0 && ((line[at] as number) & 0xc0) === 0x80) at--;
  return at;
}
