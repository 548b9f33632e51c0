// Options of every command.

import { flag } from "./option.ts";

/** Before or after the subcommand. */
export const COMMON = {
  verbose: flag("say everything that is known", { short: "v", env: "NONO_VERBOSE" }),
  silent: flag("write nothing of our own, errors included: the exit code tells", {
    short: "s",
    env: "NONO_SILENT",
  }),
  help: flag("print this help", { short: "h" }),
};

/** Before any subcommand. */
export const TOP = { ...COMMON, version: flag("print the version", { short: "V" }) };
