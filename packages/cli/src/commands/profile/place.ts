// Where the commands about profiles look.

import type { Io } from "../../io.ts";
import { type ConfigPlace, configPlaceOf } from "../../policy/config-files.ts";
import type { PolicyOptions } from "../../policy/policy-of.ts";
import { surroundingsHere, surroundingsToLook } from "../../sandbox/surroundings.ts";

export function optionsFor(io: Io): PolicyOptions {
  return surroundingsToLook(io, io.cwd());
}

/** For who writes a profile, and so needs a home directory that exists. */
export function placeToWrite(io: Io): ConfigPlace {
  return configPlaceOf(surroundingsHere(io, io.cwd()));
}

export function placeFor(io: Io): ConfigPlace {
  return configPlaceOf(optionsFor(io));
}
