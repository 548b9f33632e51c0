// nono's state directory, `$XDG_STATE_HOME/nono`, for a command that is not about a sandbox of its own.

import type { Io } from "../io.ts";
import { refuseSharedState, stateDirectory } from "../policy/placed/protected-roots.ts";
import { variablesOf } from "../policy/variables.ts";
import { surroundingsHere, surroundingsToLook } from "../sandbox/surroundings.ts";

// Nothing of it depends on the working directory, which may be gone.

/** For who may make it, and so needs a home directory that exists. */
export function stateFor(io: Io): string {
  return trusted(stateDirectory(variablesOf(surroundingsHere(io, "/"))), io);
}

/** For who only looks, and finds nothing in a home directory that is missing. */
export function stateToLook(io: Io): string {
  return trusted(stateDirectory(variablesOf(surroundingsToLook(io, "/"))), io);
}

function trusted(state: string, { uid }: Io): string {
  refuseSharedState(state, uid);
  return state;
}
