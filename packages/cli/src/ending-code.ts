// The exit code with which a command's own ending is passed on.

import os from "node:os";
import type { Ending } from "nono-ts";
import type { ExitCode } from "./exit-code.ts";

/** The shells' code for a process that `signal` ended. */
function codeOfSignal(signal: number): ExitCode {
  return 128 + signal;
}

/** A command's own code, or the one for the signal that ended it. */
export function codeOfEnding({ code, signal }: Ending): ExitCode {
  return signal === null ? code : codeOfSignal(os.constants.signals[signal]);
}
