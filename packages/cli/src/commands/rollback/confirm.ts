// A question whose answer is no unless a person at a terminal says otherwise.

import { TerminalInput } from "nono-ts/internal";
import type { Io } from "../../io.ts";
import { LineInput } from "../../ui/line-input.ts";
import { isYes } from "../../ui/save-offer.ts";

/** Undefined where nobody can be asked. */
export async function confirmed(question: string, io: Io): Promise<boolean | undefined> {
  const terminal = TerminalInput.open();
  if (terminal === undefined) return undefined;
  try {
    io.stderr.write(question);
    for (const input = new LineInput(); ; ) {
      const { echo, line } = input.take(await terminal.read());
      terminal.write(echo);
      if (line !== undefined) return isYes(line);
    }
  } finally {
    terminal.close();
  }
}
