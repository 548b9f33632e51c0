// nono help: the same as --help.

import { type Action, type Entry, isGroup } from "../args/command.ts";
import { CliError } from "../error.ts";
import { ExitCode } from "../exit-code.ts";
import { nearest } from "../text/nearest.ts";
import { helpOf } from "../ui/help.ts";

export const helpFor =
  (entries: readonly Entry[]): Action<unknown> =>
  (_flags, { operands, io }) => {
    let entry: Entry | undefined;
    let trail = "nono";
    for (const name of operands) {
      const choice = entry === undefined ? entries : isGroup(entry) ? entry.commands : [];
      const found = choice.find((one) => one.name === name);
      if (found === undefined) throw unknown(name, trail, choice);
      entry = found;
      trail += ` ${name}`;
    }
    io.stdout.write(helpOf(entry, trail, entries, io.stdout));
    return ExitCode.ok;
  };

function unknown(given: string, within: string, choice: readonly Entry[]): CliError {
  const near = nearest(
    given,
    choice.map(({ name }) => name),
  );
  const meant = near === undefined ? undefined : `${within} ${near}`;
  return new CliError({ code: "unknown-command", given, within, nearest: meant });
}
