// The records, for a command that is not inside of a sandbox.

import type { AuditStore } from "nono-ts";
import { lookAtRecords } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { compileAsUsual } from "../../just-in-time.ts";
import { finishKilled } from "../rollback/finish-killed.ts";
import { stateToLook } from "../state-for.ts";

function stateOutside(io: Io): string {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "audit-inside" });
  return stateToLook(io);
}

/** @throws CliError `audit-inside` */
export function recordsFor(io: Io): AuditStore {
  compileAsUsual(); // a record may have a million lines
  return lookAtRecords(stateOutside(io));
}

/** The same for who looks at sessions, and so finishes what was killed. @throws CliError `audit-inside` */
export async function recordsToShow(io: Io): Promise<AuditStore> {
  await finishKilled(stateOutside(io), io);
  return recordsFor(io);
}
