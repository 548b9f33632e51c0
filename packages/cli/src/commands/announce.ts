// What is said before a start, or instead of one.

import type { Call } from "../args/command.ts";
import { CliError } from "../error.ts";
import { toJson } from "../sandbox/document.ts";
import type { StartFlags } from "../sandbox/options.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { say } from "../ui/message.ts";
import { fullSummary, shortSummary } from "../ui/summary.ts";

/** The summary on standard error, where it is not in the way of what the command writes. */
export function announce({ document }: Prepared, { verbose, io }: Pick<Call, "verbose" | "io">): void {
  if (verbose) say(io, fullSummary(document, io.stderr).trimEnd());
  else io.stderr.write(shortSummary(document, io.stderr));
}

/** With --dry-run: everything on standard output, as text or as JSON. @returns whether that was asked for */
export function announceOnly(
  sandbox: Prepared,
  { dryRun, json }: Pick<StartFlags, "dryRun" | "json">,
  { io }: Pick<Call, "io">,
): boolean {
  if (!dryRun) return false;
  io.stdout.write(json ? toJson(sandbox.document) : fullSummary(sandbox.document, io.stdout));
  return true;
}

/** @throws CliError `option-needs` */
export function checkStartFlags({ dryRun, json }: Pick<StartFlags, "dryRun" | "json">): void {
  if (json && !dryRun) throw new CliError({ code: "option-needs", option: "--json", other: "--dry-run" });
}
