// A guarded command with a supervisor: what `nono run` starts.

import { closeSync } from "node:fs";
import { NonoError } from "../error.ts";
import { loadAddon } from "../native/locate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Executable } from "../process/exec.ts";
import { type Guarded, type GuardOptions, runGuarded } from "../process/run-guarded.ts";
import { type SuperviseOptions, type Supervisor, superviseChannel } from "./supervise.ts";

export type Supervised = Guarded & Readonly<{ supervisor: Supervisor }>;

/**
 * Starts the command as `runGuarded` does. The supervisor is made while the launcher makes the ruleset; the command's very
 * execution is answered by it, since the launcher waits until its listener was taken over.
 *
 * @param plan compiled for a supervisor
 * @throws NonoError `not-supervised` for any other plan; else as `runGuarded` and `superviseChannel`
 */
export async function runSupervised(
  plan: Plan,
  command: Executable,
  options: SuperviseOptions & Omit<GuardOptions, "listener"> = {},
): Promise<Supervised> {
  if (plan.supervision === undefined)
    throw new NonoError({ code: "not-supervised", command: command.argv[0] ?? "" });
  const { ours, theirs } = loadAddon().channel();
  const started = runGuarded(plan, command, { ...options, listener: theirs });
  const supervisor = await superviseOn(ours, plan.supervision, options).catch(async (error) => {
    await started.catch(() => undefined); // the channel is closed: the launcher has nobody to wait for, and ends
    throw error;
  });
  try {
    return { ...(await started), supervisor };
  } catch (error) {
    supervisor.close();
    throw error;
  }
}

async function superviseOn(
  channel: number,
  supervision: NonNullable<Plan["supervision"]>,
  options: SuperviseOptions,
): Promise<Supervisor> {
  try {
    return superviseChannel(channel, supervision, options);
  } finally {
    closeSync(channel);
  }
}
