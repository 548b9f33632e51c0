// nono audit list: which sessions have a record.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { summaryDocument } from "../../audit/documents.ts";
import { summariesIn } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderRecords } from "../../ui/audit.ts";
import { writeList } from "../../ui/list.ts";
import { warn } from "../../ui/message.ts";
import { countText } from "../../ui/quantities.ts";
import { recordsToShow } from "./open.ts";
import type { AUDIT_LIST_SECTIONS } from "./options.ts";

export const list: Action<FlagsOf<typeof AUDIT_LIST_SECTIONS>> = async ({ json }, { io }) => {
  const { records, altered } = summariesIn(await recordsToShow(io));
  if (json) io.stdout.write(toJson(records.map(summaryDocument)));
  else if (records.length > 0 || altered.length === 0)
    writeList(io, renderRecords(records, io.stdout), new CliError({ code: "audit-none" }).message);
  if (altered.length === 0) return ExitCode.ok;
  const left = `${countText(altered.length, "record")} left out, of which nothing can be told`;
  warn(io, `${left} (${altered.map((id) => show(id)).join(", ")}): nono audit verify --all says more`);
  return ExitCode.failed;
};
