// Sessions by the beginning of their id.

import type { SnapshotStore } from "nono-ts";
import { CliError } from "../error.ts";

/** Newest first. One that got no baseline has nothing to show. */
export function sessionsIn(store: SnapshotStore): readonly string[] {
  return store.sessions().filter((id) => store.look(id).numbers().length > 0);
}

/**
 * @param named an id or its beginning; undefined: the latest
 * @throws CliError `rollback-none`, `rollback-missing`, `rollback-ambiguous`
 */
export function findSession(sessions: readonly string[], named: string | undefined): string {
  const [latest] = sessions;
  if (latest === undefined) throw new CliError({ code: "rollback-none" });
  if (named === undefined) return latest;
  if (sessions.includes(named)) return named;
  const [found, ...others] = named === "" ? [] : sessions.filter((id) => id.startsWith(named));
  if (found === undefined) throw new CliError({ code: "rollback-missing", id: named });
  if (others.length > 0)
    throw new CliError({ code: "rollback-ambiguous", id: named, sessions: [found, ...others] });
  return found;
}
