// nono audit list: which sessions have a record.

import type { Action, FlagsOf } from "../../args/command.ts";
import { summaryDocument } from "../../audit/documents.ts";
import { summariesIn } from "../../audit/store.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderRecords } from "../../ui/audit.ts";
import { recordsToShow } from "./open.ts";
import type { AUDIT_LIST_SECTIONS } from "./options.ts";

export const list: Action<FlagsOf<typeof AUDIT_LIST_SECTIONS>> = async ({ json }, { io }) => {
  const records = summariesIn(await recordsToShow(io));
  io.stdout.write(json ? toJson(records.map(summaryDocument)) : renderRecords(records, io.stdout));
  return ExitCode.ok;
};
