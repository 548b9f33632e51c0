// nono rollback list: which sessions can be looked at and undone.

import { NonoError, type SnapshotStore } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { damagedDocument, sessionDocument } from "../../rollback/documents.ts";
import { sessionsIn } from "../../rollback/find-session.ts";
import { compareSnapshots, viewSession } from "../../rollback/session-view.ts";
import { toJson } from "../../sandbox/document.ts";
import { writeList } from "../../ui/list.ts";
import { type Listed, renderSessions } from "../../ui/rollback-list.ts";
import { withSnapshots } from "./open.ts";
import type { ROLLBACK_LIST_SECTIONS } from "./options.ts";

export const list: Action<FlagsOf<typeof ROLLBACK_LIST_SECTIONS>> = ({ json }, { io }) =>
  withSnapshots(io, (store) => {
    const sessions = sessionsIn(store).map((id) => lookAt(store, id));
    if (json) io.stdout.write(toJson(sessions.map(documentOf)));
    else writeList(io, renderSessions(sessions, io.stdout), new CliError({ code: "rollback-none" }).message);
    return ExitCode.ok;
  });

/** One that is damaged hides no other. */
function lookAt(store: SnapshotStore, id: string): Listed {
  try {
    const view = viewSession(store, id);
    return { view, changes: compareSnapshots(store, view, 0, view.last.number).changes };
  } catch (error) {
    if (!(error instanceof NonoError)) throw error;
    return { id, problem: error.message };
  }
}

function documentOf(listed: Listed) {
  if ("problem" in listed) return damagedDocument(listed.id, listed.problem);
  return sessionDocument(listed.view, listed.changes);
}
