// nono audit export: a record for other tools, as lines or to a collector of OpenTelemetry.

import { type AuditStore, readLines } from "nono-ts";
import { show, showJsonText } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CollectorError } from "../../audit/export/collector.ts";
import { destinationOf, headersOf } from "../../audit/export/destination.ts";
import type { OutboxEntry } from "../../audit/export/outbox.ts";
import { sendRecord } from "../../audit/export/send-record.ts";
import { findRecord, outboxOf } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { say, warn } from "../../ui/message.ts";
import { countText } from "../../ui/quantities.ts";
import { recordsFor } from "./open.ts";
import type { AUDIT_EXPORT_SECTIONS } from "./options.ts";

type Flags = FlagsOf<typeof AUDIT_EXPORT_SECTIONS>;

/** Seconds: until it is given up for now, and for one request. */
const [PATIENCE, REQUEST] = [60, 10];
/** Characters of what a collector says. */
const MESSAGE = 400;

export const exportRecord: Action<Flags> = (flags, { operands: [named], io }) => {
  checkFlags(flags, named);
  const store = recordsFor(io);
  if (flags.pending) return sendPending(store, flags, io);
  const session = findRecord(store, named);
  if (flags.format !== "otlp") return printLines(store, session, io);
  const destination = destinationOf(flags, io.env);
  return send(store, [outboxOf(store).add({ session, ...destination })], flags, io);
};

function checkFlags({ pending, format, endpoint }: Flags, named: string | undefined): void {
  const [other] = [
    ...(named === undefined ? [] : ["ID"]),
    ...(endpoint === undefined ? [] : ["--endpoint"]),
    ...(format === undefined ? [] : ["--format"]),
  ];
  if (pending && other !== undefined)
    throw new CliError({ code: "options-exclusive", option: "--pending", other });
  if (endpoint !== undefined && format !== "otlp")
    throw new CliError({ code: "option-needs", option: "--endpoint", other: "--format otlp" });
}

/** As they were written, with nothing raw in them that a terminal obeys: RFC 8785 of each is what was signed. */
function printLines(store: AuditStore, session: string, io: Io): ExitCode {
  for (const line of readLines(store.file(session))) io.stdout.write(`${showJsonText(line.toString())}\n`);
  return ExitCode.ok;
}

function sendPending(store: AuditStore, flags: Flags, io: Io): Promise<ExitCode> | ExitCode {
  const entries = outboxOf(store).entries();
  if (entries.length > 0) return send(store, entries, flags, io);
  say(io, "nothing waits for a collector");
  return ExitCode.ok;
}

async function send(
  store: AuditStore,
  entries: readonly OutboxEntry[],
  { timeout }: Flags,
  io: Io,
): Promise<ExitCode> {
  const until = Date.now() + (timeout ?? PATIENCE) * 1000;
  const options = { headers: headersOf(io.env), timeout: REQUEST * 1000, until };
  let code: ExitCode = ExitCode.ok;
  for (const entry of entries) {
    try {
      const { events, rejected, message } = await sendRecord(store, outboxOf(store), entry, options);
      say(io, `session ${entry.session}: ${countText(events, "event")} sent to ${show(entry.url)}`);
      if (rejected > 0)
        warn(
          io,
          `the collector did not take ${countText(rejected, "event")} of them: ${show(message, MESSAGE)}`,
        );
      if (rejected > 0) code = ExitCode.failed;
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      warn(io, undelivered(entry, error));
      code = ExitCode.failed;
    }
  }
  return code;
}

function undelivered({ session, url }: OutboxEntry, { message, retry }: CollectorError): string {
  const what = `session ${session} waits for ${show(url)}: ${show(message, MESSAGE)}`;
  return `${what}; ${retry ? "later" : "when that is mended"}, nono audit export --pending sends it`;
}
