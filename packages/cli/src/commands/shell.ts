// nono shell: run, with the user's shell.

import type { Action } from "../args/command.ts";
import type { RunFlags } from "../sandbox/options.ts";
import { run } from "./run.ts";

export const shell: Action<RunFlags> = (flags, call) => {
  const { SHELL } = call.io.env;
  const program = SHELL?.startsWith("/") ? SHELL : "/bin/sh";
  return run(flags, { ...call, operands: [program, ...call.operands] });
};
