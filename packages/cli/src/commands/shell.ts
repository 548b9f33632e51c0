// nono shell: run, with the user's shell.

import type { Action } from "../args/command.ts";
import type { Io } from "../io.ts";
import type { RunFlags } from "../sandbox/options.ts";
import { run } from "./run.ts";

/** Histories are denied: told to keep none, programs do not try, and the report has what matters. */
const NO_HISTORY = { HISTFILE: "/dev/null", LESSHISTFILE: "-", NODE_REPL_HISTORY: "" };

export const shell: Action<RunFlags> = (flags, call) => {
  const env: Io["env"] = { ...NO_HISTORY, ...call.io.env };
  const program = env.SHELL?.startsWith("/") ? env.SHELL : "/bin/sh";
  return run(flags, { ...call, io: { ...call.io, env }, operands: [program, ...call.operands] });
};
