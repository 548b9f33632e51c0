// What is said before a start, or instead of one.

import { show } from "nono-ts";
import type { Call } from "../args/command.ts";
import { CliError } from "../error.ts";
import { toJson } from "../sandbox/document.ts";
import type { StartFlags } from "../sandbox/options.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { say } from "../ui/message.ts";
import { fullSummary, shortSummary } from "../ui/summary.ts";

/** The summary on standard error. */
export function announce(
  { document, ...sandbox }: Prepared,
  { verbose, io }: Pick<Call, "verbose" | "io">,
): void {
  io.stderr.write(verbose ? fullSummary(document, io.stderr) : shortSummary(document, io.stderr));
  if (!isGuarded(document) && sandbox.programDirectory !== undefined) {
    const [name, directory] = [show(sandbox.command.argv[0] ?? ""), show(sandbox.programDirectory)];
    say(io, `${name} may miss its own files in ${directory}, which it may not read: --read ${directory}`);
  }
}

/** Otherwise nobody of ours is there after a failure to say what may be missing. */
function isGuarded({ protections }: Prepared["document"]): boolean {
  return protections.some(({ name, status }) => name === "session-end" && status === "enforced");
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
