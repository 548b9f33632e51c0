// nono rollback cleanup: sessions that are not wanted any more, and what only they need.

import { type CleanupOptions, cleanUp, NonoError } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderCleanup } from "../../ui/rollback.ts";
import { withSnapshots } from "./open.ts";
import type { ROLLBACK_CLEANUP_SECTIONS } from "./options.ts";

/** What goes when nothing is said: nobody looks at it any more. */
const [USUAL_KEEP, USUAL_AGE] = [10, 30 * 24 * 3_600_000];

export const cleanup: Action<FlagsOf<typeof ROLLBACK_CLEANUP_SECTIONS>> = (flags, { io }) =>
  withSnapshots(io, async (store) => {
    const result = await cleanUp(store, { ...chosen(flags), dryRun: flags.dryRun }).catch(explained);
    io.stdout.write(
      flags.json
        ? toJson({ removed: result.removed, in_use: result.open, freed: result.freed, dry_run: flags.dryRun })
        : renderCleanup(result, flags.dryRun, io.stdout),
    );
    return ExitCode.ok;
  });

function explained(error: unknown): never {
  const isDamage =
    error instanceof NonoError && (error.code === "store-damaged" || error.code === "object-missing");
  if (!isDamage) throw error;
  throw new CliError({ code: "rollback-needs-unknown", reason: error.message }, { cause: error });
}

function chosen({ keep, olderThan, size }: FlagsOf<typeof ROLLBACK_CLEANUP_SECTIONS>): CleanupOptions {
  const now = Date.now();
  if (keep === undefined && olderThan === undefined && size === undefined)
    return { keep: USUAL_KEEP, olderThan: now - USUAL_AGE };
  return { keep, olderThan: olderThan === undefined ? undefined : now - olderThan, size };
}
