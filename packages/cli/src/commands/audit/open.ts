// The records, for a command that is not inside of a sandbox.

import type { AuditStore } from "nono-ts";
import { lookAtRecords } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { compileAsUsual } from "../../just-in-time.ts";
import { stateDirectory } from "../../policy/placed/protected-roots.ts";
import { variablesOf } from "../../policy/variables.ts";
import { surroundingsOf } from "../../sandbox/surroundings.ts";
import { finishKilled } from "../rollback/finish-killed.ts";

/** `$XDG_STATE_HOME/nono` @throws CliError `audit-inside` */
function stateFor(io: Io): string {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "audit-inside" });
  // Nothing here depends on the working directory, which may be gone.
  return stateDirectory(variablesOf(surroundingsOf(io, { cwd: "/", workdir: "/", tmpdir: "/tmp/nono" })));
}

/** @throws CliError `audit-inside` */
export function recordsFor(io: Io): AuditStore {
  compileAsUsual(); // a record may have a million lines
  return lookAtRecords(stateFor(io));
}

/** The same for who looks at sessions, and so finishes what was killed. @throws CliError `audit-inside` */
export async function recordsToShow(io: Io): Promise<AuditStore> {
  await finishKilled(stateFor(io), io);
  return recordsFor(io);
}
