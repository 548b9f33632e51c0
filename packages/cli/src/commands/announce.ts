// What is said before a start, or instead of one.

import type { Call } from "../args/command.ts";
import { CliError } from "../error.ts";
import { toJson } from "../sandbox/document.ts";
import type { StartFlags } from "../sandbox/options.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { fullSummary, shortSummary } from "../ui/summary.ts";

/** The summary on standard error. */
export function announce({ document }: Prepared, { verbose, io }: Pick<Call, "verbose" | "io">): void {
  io.stderr.write(verbose ? fullSummary(document, io.stderr) : shortSummary(document, io.stderr));
}

/** With --dry-run: everything, as text or as JSON. @returns whether that was asked for */
export function announceOnly(
  sandbox: Prepared,
  { dryRun, json }: Pick<StartFlags, "dryRun" | "json">,
  { io }: Pick<Call, "io">,
): boolean {
  if (!dryRun) return false;
  if (json) io.stdout.write(toJson(sandbox.document));
  else announce(sandbox, { verbose: true, io });
  return true;
}

/** @throws CliError `option-needs` */
export function checkStartFlags({ dryRun, json }: Pick<StartFlags, "dryRun" | "json">): void {
  if (json && !dryRun) throw new CliError({ code: "option-needs", option: "--json", other: "--dry-run" });
}
