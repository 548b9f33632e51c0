// Sessions that run while a test looks at them.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { until, type World } from "./world.ts";

export type Session = AsyncDisposable &
  Readonly<{
    id: string;
    nono: ChildProcess;
    /** Its own directory in the register. */
    directory: string;
    /** The exit code, when it has ended. */
    ended: Promise<number | null>;
    /** What it has said so far, on either stream. */
    said(): string;
  }>;

const SESSIONS = "home/.local/state/nono/sessions";

let started = 0;

/** Resolves when the script runs: it says so itself, in the project, before it does anything else. */
export async function startSession(world: World, script: string, ...options: string[]): Promise<Session> {
  const ready = world.at(`project/.ready-${started++}`);
  const nono = world.start("run", "--allow-cwd", ...options, "--", "sh", "-c", `: > ${ready}; ${script}`);
  const ended = once(nono, "exit").then(([code]) => code as number | null);
  let said = "";
  for (const stream of [nono.stdout, nono.stderr])
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  await until(() => fs.existsSync(ready) || nono.exitCode !== null);
  if (nono.exitCode !== null) throw new Error(`it ended at once: ${said}`);
  const id = fs.readdirSync(world.at(SESSIONS)).find((name) => supervisorOf(world, name) === nono.pid) ?? "";
  return {
    id,
    nono,
    directory: world.at(SESSIONS, id),
    ended,
    said: () => said,
    async [Symbol.asyncDispose]() {
      if (nono.exitCode === null && nono.signalCode === null) nono.kill("SIGKILL");
      await ended;
    },
  };
}

function supervisorOf(world: World, session: string): number | undefined {
  try {
    return JSON.parse(world.read(`${SESSIONS}/${session}/session.json`)).supervisor.pid;
  } catch {
    return undefined;
  }
}
