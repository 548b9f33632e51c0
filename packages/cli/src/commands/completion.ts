// nono completion: a script for a shell.

import type { Action, Entry } from "../args/command.ts";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { placesOf } from "../completion/model.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { CliError } from "../error.ts";
import { ExitCode } from "../exit-code.ts";

const SHELLS = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

/** @throws CliError `option-value` for another shell */
export function scriptFor(shell: string, entries: readonly Entry[]): string {
  const script = SHELLS.get(shell);
  if (script === undefined)
    throw new CliError({
      code: "option-value",
      option: "completion",
      value: shell,
      expected: "bash, zsh or fish",
    });
  return script(placesOf(entries));
}

export const completionFor =
  (entries: readonly Entry[]): Action<unknown> =>
  (_flags, { operands, io }) => {
    io.stdout.write(scriptFor(operands[0] as string, entries));
    return ExitCode.ok;
  };
