// Commands in a sandbox with a supervisor, and what it saw.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type NamePattern,
  type Request,
  type SuperviseOptions,
  type Supervisor,
  type SupervisorEvent,
  spawn,
  supervise,
} from "../../src/index.ts";
import { compilePlan } from "../../src/plan/compile.ts";
import { type Asked, capabilitiesFor, type Outcome, outcomeOf } from "./confine.ts";

export type Supervised = Outcome &
  Readonly<{ events: readonly SupervisorEvent[]; counts: ReturnType<Supervisor["counts"]> }>;

type Options = SuperviseOptions & Readonly<{ patterns?: readonly NamePattern[]; abi?: number }>;

export function supervised(asked: Asked, { patterns = [], abi, ...options }: Options = {}) {
  const plan = compilePlan(capabilitiesFor(asked), {
    supervisor: true,
    namePatterns: patterns,
    ...(abi !== undefined && { abi }),
  });
  return {
    plan,
    async run(command: string, ...args: string[]): Promise<Supervised> {
      const child = spawn(command, args, { plan });
      const outcome = outcomeOf(child);
      const supervisor = supervise(child, options);
      const events = collect(supervisor);
      try {
        const all = await settled(outcome, supervisor, events);
        return { ...(await outcome), events: all, counts: supervisor.counts() };
      } finally {
        supervisor.close();
      }
    },
  };
}

/** Everything up to the end of the program; what its last calls led to may still be on its way. */
async function settled(
  outcome: Promise<Outcome>,
  supervisor: Readonly<{ close(): void }>,
  events: Promise<readonly SupervisorEvent[]>,
): Promise<readonly SupervisorEvent[]> {
  await outcome;
  await new Promise((resolve) => setImmediate(resolve));
  supervisor.close();
  return (await events).filter((event) => event.kind !== "ended");
}

async function collect(events: AsyncIterable<SupervisorEvent>): Promise<readonly SupervisorEvent[]> {
  const all: SupervisorEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** `denied open /path`, one for each event. */
export function told(events: readonly SupervisorEvent[]): readonly string[] {
  return events.flatMap((event) => ("request" in event ? [`${event.kind} ${shown(event.request)}`] : []));
}

function shown(request: Request): string {
  const to = "to" in request ? ` ${request.to.path}` : "";
  if ("object" in request) return `${request.operation} ${request.object}`;
  if ("other" in request) return `${request.operation} ${request.other?.pid ?? "many"}`;
  if (request.operation === "socket") return `socket ${request.family} ${request.type}`;
  if (request.operation === "listen" || ("address" in request && request.target === undefined))
    return `${request.operation} ${JSON.stringify(request.address)}`;
  return `${request.operation} ${request.target?.path}${to}`;
}

/** A C program of this folder, compiled to `output`. */
export function compileC(source: string, output: string): string {
  const file = fileURLToPath(new URL(source, import.meta.url));
  execFileSync("cc", ["-Wall", "-Wextra", "-Werror", "-O1", "-pthread", "-o", output, file]);
  return output;
}

/** Waits for what another process brings about. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
