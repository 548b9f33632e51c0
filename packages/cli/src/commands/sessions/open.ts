// The register, for a command that is not inside of a sandbox. Whoever looks finishes what was killed.

import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { finishKilled } from "../rollback/finish-killed.ts";
import { stateToLook } from "../state-for.ts";

/**
 * `$XDG_STATE_HOME/nono`. Where the variable does not say that we are inside, the kernel keeps us from it.
 *
 * @throws CliError `sessions-inside`
 */
export async function registerFor(io: Io): Promise<string> {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "sessions-inside" });
  const state = stateToLook(io);
  await finishKilled(state, io);
  return state;
}
