// nono prune: takes off the list what has ended.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { type RegisteredSession, sessionsIn, stillbornIn } from "../../register/registry.ts";
import { openSessionDirectory } from "../../register/session-directory.ts";
import { toJson } from "../../sandbox/document.ts";
import { sweepSessions } from "../../session/session.ts";
import { renderPruned } from "../../ui/sessions.ts";
import { registerFor } from "./open.ts";
import type { PRUNE_SECTIONS } from "./options.ts";

type Flags = FlagsOf<typeof PRUNE_SECTIONS>;

export const prune: Action<Flags> = async (flags, { io }) => {
  const state = await registerFor(io);
  const now = Date.now();
  const removed = [...chosen(sessionsIn(state), flags, now), ...stillbornIn(state, now)];
  if (!flags.dryRun) {
    for (const session of removed) remove(state, session);
    sweepSessions(io);
  }
  io.stdout.write(
    flags.json ? toJson({ removed, dry_run: flags.dryRun }) : renderPruned(removed, flags.dryRun),
  );
  return ExitCode.ok;
};

/** Ids. @param sessions newest first */
function chosen(sessions: readonly RegisteredSession[], { keep, olderThan }: Flags, now: number) {
  return sessions
    .filter(({ state }) => state !== "running")
    .slice(keep ?? 0)
    .filter(({ record }) => olderThan === undefined || now - Date.parse(record.started) > olderThan)
    .map(({ record }) => record.session_id);
}

/** Somebody else may be about the same. */
function remove(state: string, session: string): void {
  const directory = openSessionDirectory(state, session);
  if (directory === undefined) return;
  try {
    directory.discard();
  } finally {
    directory.close();
  }
}
