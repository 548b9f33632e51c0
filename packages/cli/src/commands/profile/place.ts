// Where the commands about profiles look.

import type { Io } from "../../io.ts";
import { type ConfigPlace, configPlaceOf } from "../../policy/config-files.ts";
import type { PolicyOptions } from "../../policy/policy-of.ts";
import { surroundingsOf } from "../../sandbox/surroundings.ts";

/** Nothing is started, so the session's directory has only a name. */
export function optionsFor(io: Io): PolicyOptions {
  const cwd = io.cwd();
  return surroundingsOf(io, { cwd, workdir: cwd, tmpdir: "/tmp/nono" });
}

export function placeFor(io: Io): ConfigPlace {
  return configPlaceOf(optionsFor(io));
}
