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
    /**
     * What has to be done before the command starts, done while the launcher gets ready. A rejection: nothing starts.
     *
     * @param supervise makes the supervisor, which is made afterwards at the latest: for whoever waits for a disk
     */
    meanwhile?: (supervise: () => void) => Promise<void>;
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
  const supervision = new Supervision(ours, plan.supervision, options);
  try {
    await meanwhile?.(() => supervision.begin());
    const { supervisor, letGo } = supervision.begin();
    letGo();
    return { ...(await started), supervisor };
  } catch (error) {
    supervision.close();
    await started.catch(() => undefined); // the channel is closed: the launcher has nobody to wait for, and ends
    throw error;
  }
}

type Held = ReturnType<typeof superviseHeld>;

/** Begun once, or never. */
class Supervision {
  readonly #rules: NonNullable<Plan["supervision"]>;
  readonly #options: SuperviseOptions;
  #channel: number | undefined;
  #held: Held | undefined;

  constructor(channel: number, rules: NonNullable<Plan["supervision"]>, options: SuperviseOptions) {
    this.#channel = channel;
    this.#rules = rules;
    this.#options = options;
  }

  begin(): Held {
    if (this.#held !== undefined) return this.#held;
    const channel = this.#channel as number;
    this.#channel = undefined;
    try {
      this.#held = superviseHeld(channel, this.#rules, this.#options);
      return this.#held;
    } finally {
      closeSync(channel);
    }
  }

  close(): void {
    this.#held?.supervisor.close();
    if (this.#channel !== undefined) closeSync(this.#channel);
  }
}
