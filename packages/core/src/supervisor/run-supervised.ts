// A guarded command with a supervisor: what `nono run` starts.

import { closeSync } from "node:fs";
import { NonoError } from "../error.ts";
import { loadAddon } from "../native/locate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Executable } from "../process/exec.ts";
import { type Guarded, type GuardOptions, runGuarded } from "../process/run-guarded.ts";
import { type SuperviseOptions, type Supervisor, superviseHeld } from "./supervise.ts";

export type Supervised = Guarded & Readonly<{ supervisor: Supervisor }>;

export type SupervisedOptions = SuperviseOptions &
  Omit<GuardOptions, "listener"> &
  Readonly<{
    /** What has to be done before the command starts, done while the launcher gets ready. A rejection: nothing starts. */
    meanwhile?: () => Promise<void>;
  }>;

/**
 * Starts the command as `runGuarded` does. The supervisor is made while the launcher makes the ruleset; the command's very
 * execution is answered by it, since the launcher waits until its listener was taken over.
 *
 * @param plan compiled for a supervisor
 * @throws NonoError `not-supervised` for any other plan; else as `runGuarded`, `superviseChannel` and `meanwhile`
 */
export async function runSupervised(
  plan: Plan,
  command: Executable,
  { meanwhile, ...options }: SupervisedOptions = {},
): Promise<Supervised> {
  if (plan.supervision === undefined)
    throw new NonoError({ code: "not-supervised", command: command.argv[0] ?? "" });
  const { ours, theirs } = loadAddon().channel();
  const started = runGuarded(plan, command, { ...options, listener: theirs });
  started.catch(() => undefined); // told below, once there is nothing else to wait for
  let supervisor: Supervisor | undefined;
  try {
    const held = superviseOn(ours, plan.supervision, options);
    supervisor = held.supervisor;
    await meanwhile?.();
    held.letGo();
    return { ...(await started), supervisor };
  } catch (error) {
    supervisor?.close();
    await started.catch(() => undefined); // the channel is closed: the launcher has nobody to wait for, and ends
    throw error;
  }
}

function superviseOn(
  channel: number,
  supervision: NonNullable<Plan["supervision"]>,
  options: SuperviseOptions,
): ReturnType<typeof superviseHeld> {
  try {
    return superviseHeld(channel, supervision, options);
  } finally {
    closeSync(channel);
  }
}
