// nono stop: ends a session, and waits until it is over.

import { setTimeout as sleep } from "node:timers/promises";
import type { Action, Call, FlagsOf } from "../../args/command.ts";
import { type ControlClient, withSessions } from "../../control/control-client.ts";
import type { Reply } from "../../control/message.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { findRunning } from "../../register/find.ts";
import { type RegisteredSession, sessionsIn } from "../../register/registry.ts";
import { lifeOf } from "../../register/supervisor-process.ts";
import { recoverSessions } from "../../rollback/recover.ts";
import { openStore } from "../../rollback/store.ts";
import { descendantsOf, isThere } from "../../session/process-identity.ts";
import { say } from "../../ui/message.ts";
import { renderRecovery } from "../../ui/rollback.ts";
import { endedText } from "../../ui/sessions.ts";
import { registerFor } from "./open.ts";
import type { STOP_SECTIONS } from "./options.ts";

/** Seconds that a session has to end, and nono at most to answer. */
const [PATIENCE, ANSWERS] = [10, 5];

export const stop: Action<FlagsOf<typeof STOP_SECTIONS>> = async ({ force, timeout }, call) => {
  const { io } = call;
  const state = await registerFor(io);
  const session = findRunning(sessionsIn(state), call.operands[0] as string);
  const id = session.record.session_id;
  const patience = { force, seconds: timeout ?? PATIENCE };
  const outcome = await withSessions(state, [id], io.uid, async ([client]) =>
    client === undefined ? "over" : await end(client, patience),
  );
  if (outcome === "silent") await endWithout(session, state, patience, call);
  const last = sessionsIn(state).find(({ record }) => record.session_id === id);
  if (last !== undefined) say(io, endedText(last));
  return ExitCode.ok;
};

type Patience = Readonly<{ force: boolean; seconds: number }>;

/** @throws CliError `session-stays` */
async function end(client: ControlClient, { force, seconds }: Patience): Promise<"over" | "silent"> {
  const answer = await within(Math.min(ANSWERS, seconds), client.ask("stop", { force }));
  if (answer === LATE || answer?.is === "failed" || answer?.is === "unsupported") return "silent";
  const ended = answer === undefined ? answer : await within(seconds, client.next());
  if (ended === LATE)
    throw new CliError({ code: "session-stays", session: client.session, seconds, forced: force });
  // Nothing of its tree is left; its record and its snapshots are finished when it hangs up.
  for (let reply: Reply | undefined = ended; reply !== undefined; ) reply = await client.next();
  return "over";
}

const LATE: unique symbol = Symbol("late");

async function within<T>(seconds: number, promise: Promise<T>): Promise<T | typeof LATE> {
  const over = new AbortController();
  const late = async (): Promise<typeof LATE> => {
    await sleep(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined);
    return LATE;
  };
  try {
    return await Promise.race([promise, late()]);
  } finally {
    over.abort();
  }
}

/** The guardian ends the tree when nono is gone. @throws CliError `session-silent`, `session-stays` */
async function endWithout(
  { record }: RegisteredSession,
  state: string,
  { force, seconds }: Patience,
  { io }: Call,
): Promise<void> {
  const { session_id: session, supervisor, features } = record;
  if (!force || lifeOf(supervisor) === "elsewhere")
    throw new CliError({ code: "session-silent", session, forced: force });
  const tree = descendantsOf(supervisor.pid);
  if (lifeOf(supervisor) === "lives") process.kill(supervisor.pid, "SIGKILL");
  if (!(await gone([supervisor, ...tree], seconds)))
    throw new CliError({ code: "session-stays", session, seconds, forced: true });
  say(io, "nono did not answer and was killed");
  if (features.includes("rollback")) await recover(state, io);
}

async function gone(processes: readonly Parameters<typeof isThere>[0][], seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while (processes.some(isThere)) {
    if (performance.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Whoever looks next would do it: but then the state may be another one. */
async function recover(state: string, io: Call["io"]): Promise<void> {
  const store = openStore(state);
  try {
    for (const recovery of await recoverSessions(store)) say(io, renderRecovery(recovery));
  } finally {
    store.close();
  }
}
