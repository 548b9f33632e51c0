// nono audit show: what a session was, and what happened in it.

import { readEvents } from "nono-ts";
import { canonicalize, resolvePath } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { historyDocument, recordDocument } from "../../audit/documents.ts";
import { pathHistory } from "../../audit/path-history.ts";
import { restoresOf } from "../../audit/restore-record.ts";
import { findRecord, summaryOf } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderRecord } from "../../ui/audit.ts";
import { renderHistory } from "../../ui/audit-path.ts";
import { recordsToShow } from "./open.ts";
import type { AUDIT_SHOW_SECTIONS } from "./options.ts";

export const show: Action<FlagsOf<typeof AUDIT_SHOW_SECTIONS>> = async (
  { all, json, path },
  { operands: [named], io },
) => {
  const store = await recordsToShow(io);
  const id = findRecord(store, named);
  const summary = summaryOf(store, id);
  if (summary === undefined) throw new CliError({ code: "audit-missing", id });
  if (path !== undefined) {
    const place = placeOf(path, io);
    const history = pathHistory(readEvents(store.file(id)), place);
    io.stdout.write(
      json ? toJson(historyDocument(id, place, history)) : renderHistory(id, place, history, io.stdout),
    );
    return ExitCode.ok;
  }
  const events = [...readEvents(store.file(id))];
  const restores = restoresOf(store, id);
  io.stdout.write(
    json
      ? toJson(recordDocument({ ...summary, events, restores }))
      : renderRecord(summary, { events, restores }, all, io.stdout),
  );
  return ExitCode.ok;
};

/** As the record has it: links resolved, as far as they are there. */
function placeOf(path: string, io: Io): string {
  const absolute = resolvePath(io.cwd(), path);
  try {
    return canonicalize(absolute);
  } catch {
    return absolute;
  }
}
