// What our own exit codes mean; a command that was started gives its own.

export const ExitCode = {
  ok: 0,
  /** Denied, refused or failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The command cannot be started as asked. */
  unstartable: 126,
  /** There is no such command. */
  missing: 127,
} as const;

export type ExitCode = number;

/** For every `--help`. */
export const EXIT_CODES =
  "0 done, 1 refused or failed, 2 wrong usage, 126 command not startable as asked, 127 no such command, " +
  "128+N ended by signal N, else the command's own";
