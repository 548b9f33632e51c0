// nono's state directory, for a command that is not about a sandbox of its own.

import type { Io } from "../io.ts";
import { stateDirectory } from "../policy/placed/protected-roots.ts";
import { variablesOf } from "../policy/variables.ts";
import { surroundingsOf } from "../sandbox/surroundings.ts";

/** `$XDG_STATE_HOME/nono`. Nothing of it depends on the working directory, which may be gone. */
export function stateFor(io: Io): string {
  return stateDirectory(variablesOf(surroundingsOf(io, { cwd: "/", workdir: "/", tmpdir: "/tmp/nono" })));
}
