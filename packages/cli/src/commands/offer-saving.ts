// After an interactive run in which things were refused: may a profile of the user's grant them from now on?

import { show, TerminalInput } from "nono-ts/internal";
import type { Io } from "../io.ts";
import { configPlaceOf } from "../policy/config-files.ts";
import { describeEdit, ownProfileOf } from "../policy/own-profile.ts";
import { withoutSecrets } from "../policy/without-secrets.ts";
import type { ExplainedDenial } from "../report/explained.ts";
import { joined, savable } from "../report/savable.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { surroundingsHere } from "../sandbox/surroundings.ts";
import { strikeOut } from "../secret/strike-out.ts";
import { LineInput } from "../ui/line-input.ts";
import { reportError, say } from "../ui/message.ts";
import { CONFIRM, chosen, isYes, offered, renderEdit, renderOffer, WHICH } from "../ui/save-offer.ts";

/**
 * Only a person at a terminal is asked, and silence means no. Whatever goes wrong is said, and changes nothing.
 *
 * @param denials with the secrets that are in them: what would be granted with one struck out is another path
 */
export async function offerSaving(
  denials: readonly ExplainedDenial[],
  sandbox: Prepared,
  io: Io,
): Promise<void> {
  const { HOME: home = "/", WORKDIR: workdir = "/" } = sandbox.loaded.variables;
  const wanted = savable(denials, sandbox, { home, workdir });
  if (wanted.length === 0) return;
  const { pathRedactorOf } = await import("../audit/redactor-of.ts");
  const redactor = pathRedactorOf(sandbox);
  const found = wanted.filter(
    ({ entries }) => withoutSecrets(entries, (text) => redactor.text(text)).held.length === 0,
  );
  if (found.length === 0) return;
  const terminal = TerminalInput.open();
  if (terminal === undefined) return;
  try {
    await ask(terminal);
  } catch (error) {
    reportError(error, lineByLine(io, terminal));
  } finally {
    terminal.close();
  }

  async function ask(terminal: TerminalInput): Promise<void> {
    const out = lineByLine(io, terminal);
    const cwd = io.cwd();
    const { directory } = configPlaceOf(surroundingsHere(io, cwd, workdir));
    const { file, start } = ownProfileOf({ directory, inUse: sandbox.loaded.policy.reference });
    const shown = strikeOut(found, sandbox.secrets.redactable());
    out.stderr.write(renderOffer(shown, start.name, wanted.length - found.length));
    const asked = await answer(WHICH, terminal);
    const numbers = chosen(asked, offered(found).length);
    if (numbers.length === 0) {
      if (asked?.trim()) say(out, `${show(asked.trim(), 40)} is not among these: nothing was written`);
      return;
    }
    const entries = joined(found.filter((_, index) => numbers.includes(index)).map((one) => one.entries));
    // The forms and their parser are not loaded before somebody wants them.
    const { editProfile, saveProfile } = await import("../policy/save-profile.ts");
    const edit = editProfile(file, entries, start, io.uid);
    out.stderr.write(renderEdit(describeEdit(edit, start)));
    if (edit.additions.length === 0 || !isYes(await answer(CONFIRM, terminal))) return;
    saveProfile(edit);
    say(out, `written: --profile ${start.name} has it from now on`);
  }
}

async function answer(question: string, terminal: TerminalInput): Promise<string | null> {
  terminal.write(question);
  for (const input = new LineInput(); ; ) {
    const { echo, line } = input.take(await terminal.read());
    terminal.write(echo);
    if (line !== undefined) return line;
  }
}

/** A raw terminal does not begin a line where the last one ended. */
function lineByLine(io: Io, terminal: TerminalInput): Io {
  const write = (text: string) => {
    terminal.write(text.replaceAll("\n", "\r\n"));
    return true;
  };
  return { ...io, stderr: { ...io.stderr, write } };
}
