// The session that is meant. Pure.

import { CliError } from "../error.ts";
import type { RegisteredSession } from "./registry.ts";

/**
 * By its id, by its name, or by the beginning of its id. Of those that had a name one after the other, the one that
 * runs is meant, else the latest.
 *
 * @param sessions newest first
 * @param named undefined: the latest
 * @throws CliError `session-none`, `session-unknown`, `session-ambiguous`
 */
export function findSession(
  sessions: readonly RegisteredSession[],
  named: string | undefined,
): RegisteredSession {
  const [latest] = sessions;
  if (named === undefined) {
    if (latest === undefined) throw new CliError({ code: "session-none" });
    return latest;
  }
  const whole = sessions.find(({ record }) => record.session_id === named) ?? byName(sessions, named);
  if (whole !== undefined) return whole;
  const [found, ...others] =
    named === "" ? [] : sessions.filter(({ record }) => record.session_id.startsWith(named));
  if (found === undefined) throw new CliError({ code: "session-unknown", named });
  if (others.length === 0) return found;
  const ids = [found, ...others].map(({ record }) => record.session_id);
  throw new CliError({ code: "session-ambiguous", named, sessions: ids });
}

function byName(sessions: readonly RegisteredSession[], name: string): RegisteredSession | undefined {
  const [latest, ...older] = sessions.filter(({ record }) => record.name === name);
  return [latest, ...older].find((session) => session?.state === "running") ?? latest;
}

/** Of those that run. @throws CliError as `findSession`, and `session-over` where it has ended */
export function findRunning(sessions: readonly RegisteredSession[], named: string): RegisteredSession {
  const running = sessions.filter(({ state }) => state === "running");
  try {
    return findSession(running, named);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "session-unknown") throw error;
    const { record, state } = findSession(sessions, named);
    const how = state === "interrupted" ? "it was interrupted" : "it has ended";
    throw new CliError({ code: "session-over", session: record.session_id, state: how }, { cause: error });
  }
}
