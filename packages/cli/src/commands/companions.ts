// Which companions a run has, by its options. Each is loaded when it is wanted. They begin in the order of this list, so
// that those behind have something to tell to those before.

import type { Call } from "../args/command.ts";
import type { Control } from "../control/control.ts";
import { stateDirectory } from "../policy/placed/protected-roots.ts";
import type { Feature } from "../register/record.ts";
import { rollbackSettings } from "../rollback/settings.ts";
import type { Companion, RunEvent } from "../run/companion.ts";
import type { RunFlags } from "../sandbox/options.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { say } from "../ui/message.ts";
import { makeReadable } from "../ui/readable.ts";
import { auditCompanion } from "./audit/companion.ts";
import { finishKilled } from "./rollback/finish-killed.ts";
import { registerCompanion } from "./sessions/companion.ts";

/**
 * @param tell to all of them
 * @param control of the session: what other terminals can ask a companion is added there
 */
export async function companionsOf(
  flags: RunFlags,
  sandbox: Prepared,
  call: Call,
  tell: (event: RunEvent) => Promise<void>,
  control: Control,
): Promise<readonly Companion[]> {
  const rollback = rollbackSettings(flags, sandbox.loaded.policy.rollback);
  const registered = { name: flags.name, features: featuresOf(flags, rollback !== undefined), control };
  const companions: Companion[] = [registerCompanion(registered, sandbox, call)];
  // Before the others, so that it is told of everything they tell, and ends after them.
  if (flags.noAudit) say(call.io, "no record is kept of this session");
  else companions.push(auditCompanion(sandbox, call));
  if (rollback === undefined) await finishKilled(stateDirectory(sandbox.loaded.variables), call.io);
  else {
    const { rollbackCompanion } = await import("./rollback/companion.ts");
    companions.push(rollbackCompanion(rollback, sandbox, call, tell, control));
  }
  companions.push(readableAfterwards(call));
  return companions;
}

/** Before whatever is said of the end. */
export function readableAfterwards({ io }: Call): Companion {
  return { ended: async () => makeReadable(io) };
}

function featuresOf({ supervised, noAudit }: RunFlags, rollback: boolean): readonly Feature[] {
  const features = { supervised, audit: !noAudit, rollback };
  return (["supervised", "audit", "rollback"] as const).filter((feature) => features[feature]);
}
