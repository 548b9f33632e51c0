// nono wrap: the same sandbox, then the command in place of this process.

import { execPlan } from "nono-ts";
import type { Action, FlagsOf } from "../args/command.ts";
import { CliError } from "../error.ts";
import { ExitCode } from "../exit-code.ts";
import { stateDirectory } from "../policy/placed/protected-roots.ts";
import type { WRAP_SECTIONS } from "../sandbox/options.ts";
import { type Prepared, prepare } from "../sandbox/prepare.ts";
import { announce, announceOnly, checkStartFlags } from "./announce.ts";
import { hintBefore } from "./hints.ts";
import { finishKilled } from "./rollback/finish-killed.ts";

export type WrapFlags = FlagsOf<typeof WRAP_SECTIONS>;

function wantsSnapshots({ rollback, noRollback }: WrapFlags, { loaded }: Prepared): boolean {
  return rollback || (!noRollback && loaded.policy.rollback.enabled !== undefined);
}

export const wrap: Action<WrapFlags> = async (flags, call) => {
  checkStartFlags(flags);
  const sandbox = await prepare(flags, call, {
    words: call.operands,
    guard: false,
    supervisor: false,
    unsupervised: "nono wrap leaves none behind: use nono run",
    create: !flags.dryRun,
    name: flags.name,
  });
  try {
    if (wantsSnapshots(flags, sandbox)) throw new CliError({ code: "rollback-wrap" });
    if (announceOnly(sandbox, flags, call)) {
      if (!flags.json) await hintBefore(sandbox, call.io);
      sandbox.session.remove();
      return ExitCode.ok;
    }
    const { plan, command, secrets } = sandbox;
    await secrets.load();
    await finishKilled(stateDirectory(sandbox.loaded.variables), call.io);
    announce(sandbox, call);
    await hintBefore(sandbox, call.io);
    return execPlan(plan, command, { quiet: call.silent, secrets: secrets.variables });
  } catch (error) {
    sandbox.session.remove();
    throw error;
  }
};
