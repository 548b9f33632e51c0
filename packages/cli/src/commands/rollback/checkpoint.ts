// nono rollback checkpoint: a snapshot of a session that runs, asked for from another terminal.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { withSessions } from "../../control/control-client.ts";
import type { Failed, Reply } from "../../control/message.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { SessionRecord } from "../../register/record.ts";
import { livingIn } from "../../register/registry.ts";
import { toJson } from "../../sandbox/document.ts";
import { countText } from "../../ui/quantities.ts";
import { stateFor } from "../state-for.ts";
import type { ROLLBACK_CHECKPOINT_SECTIONS } from "./options.ts";

/** What a session replies. `changed`: how many paths since the snapshot before. */
export type CheckpointTaken = Readonly<{ is: "taken"; snapshot: number; changed: number }>;

export const checkpoint: Action<FlagsOf<typeof ROLLBACK_CHECKPOINT_SECTIONS>> = async (
  { json },
  { operands: [named], io },
) => {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "rollback-inside" });
  const state = stateFor(io);
  const session = findRunning(livingIn(state), named).session_id;
  const reply = await withSessions(state, [session], io.uid, async ([client]) => client?.ask("checkpoint"));
  const { snapshot, changed } = takenOf(reply, session);
  const since = changed === 0 ? "nothing" : countText(changed, "path");
  io.stdout.write(
    json
      ? toJson({ session_id: session, snapshot, changed })
      : `${show(session)}: snapshot ${snapshot}: ${since} changed since snapshot ${snapshot - 1}\n`,
  );
  return ExitCode.ok;
};

/**
 * @param named an id, its beginning, or a name; undefined: the only one that keeps snapshots
 * @throws CliError `rollback-idle`, `rollback-which`, `rollback-not-kept`
 */
function findRunning(running: readonly SessionRecord[], named: string | undefined): SessionRecord {
  const keeping = running.filter(({ features }) => features.includes("rollback"));
  const exact = running.filter(({ session_id, name }) => session_id === named || name === named);
  const begun = running.filter(({ session_id }) => named !== "" && session_id.startsWith(named ?? ""));
  const [found, ...others] = named === undefined ? keeping : exact.length > 0 ? exact : begun;
  if (found === undefined)
    throw new CliError(named === undefined ? { code: "rollback-idle" } : { code: "rollback-stopped", named });
  if (others.length > 0)
    throw new CliError({
      code: "rollback-which",
      named,
      sessions: [found, ...others].map(({ session_id }) => session_id),
    });
  if (!keeping.includes(found)) throw new CliError({ code: "rollback-not-kept", session: found.session_id });
  return found;
}

/** @throws CliError for every reply but that one was taken */
function takenOf(reply: Reply | undefined, session: string): CheckpointTaken {
  if (reply?.is === "taken") return reply as CheckpointTaken;
  throw new CliError({ code: "rollback-not-taken", session, reason: reasonOf(reply) });
}

function reasonOf(reply: Reply | undefined): string {
  switch (reply?.is) {
    case "failed":
      return (reply as Failed).reason;
    case "unsupported":
      return "it has only just begun, and takes its first one";
    default:
      return "it has ended";
  }
}
