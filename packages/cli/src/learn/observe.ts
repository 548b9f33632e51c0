// Runs the command of a sandbox, and notes what it used beyond its grants.

import { lstatSync } from "node:fs";
import {
  bytesOf,
  type CanonicalPath,
  type Ending,
  type Guarded,
  runSupervised,
  type Supervisor,
  type SupervisorEvent,
} from "nono-ts";
import { type Denial, DenialLog } from "../report/denial.ts";
import { hostsFileOf } from "../sandbox/hosts-file.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import type { Bounds } from "./bounds.ts";
import { isGrantable } from "./grantable.ts";
import { permissivePlan } from "./permissive.ts";
import { type Recorded, UseLog } from "./record.ts";

export type Observed = Readonly<{
  ending: Ending;
  recorded: Recorded;
  /** Refused, and never to be learned. */
  never: readonly Denial[];
  /** How many things were refused that can be learned. */
  refused: number;
}>;

/** Whoever else is told of what goes on. */
export type Listener = Readonly<{
  started(guarded: Guarded): void;
  tell(event: SupervisorEvent): Promise<void>;
}>;

/** @throws NonoError as `runSupervised` does */
export async function observe(
  sandbox: Prepared,
  bounds: Bounds,
  permissive: boolean,
  listener: Listener,
): Promise<Observed> {
  const { plan, command, capabilities, protectedRoots, planOf, secrets } = sandbox;
  const started = permissive ? permissivePlan(plan, capabilities, protectedRoots, planOf) : plan;
  const hosts = hostsFileOf(capabilities, plan);
  const running = await runSupervised(started, command, {
    secrets: secrets.variables,
    ...(hosts === undefined ? {} : { hosts }),
    onRequest: (request) => ({ allow: permissive && isGrantable(request, bounds) }),
  });
  listener.started(running);
  const { ended, supervisor } = running;
  const noted = note(supervisor, bounds, listener);
  const ending = await ended;
  supervisor.close();
  return { ending, ...(await noted) };
}

async function note(
  supervisor: Supervisor,
  bounds: Bounds,
  listener: Listener,
): Promise<Omit<Observed, "ending">> {
  const uses = new UseLog(isDirectory);
  const [never, refused] = [new DenialLog(), new DenialLog()];
  for await (const event of supervisor) {
    await listener.tell(event);
    if (event.kind !== "allowed" && event.kind !== "denied") continue;
    const grantable = isGrantable(event.request, bounds);
    if (grantable) uses.add(event.request);
    if (event.kind === "denied") (grantable ? refused : never).add(event.request);
  }
  return { recorded: uses.record(), never: never.denials(), refused: refused.denials().length };
}

function isDirectory(path: CanonicalPath): boolean {
  return lstatSync(bytesOf(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
