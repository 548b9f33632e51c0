// nono audit cleanup: records that nobody needs any more.

import { type AuditCleanupOptions, cleanUpAudit } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { outboxOf } from "../../audit/store.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { newSessionId } from "../../session/new-session-id.ts";
import { renderAuditCleanup } from "../../ui/audit.ts";
import { recordsFor } from "./open.ts";
import type { AUDIT_CLEANUP_SECTIONS } from "./options.ts";

/** What goes when nothing is said: nobody looks at it any more. */
const [USUAL_KEEP, USUAL_AGE] = [100, 90 * 24 * 3_600_000];

type Flags = FlagsOf<typeof AUDIT_CLEANUP_SECTIONS>;

export const cleanup: Action<Flags> = async (flags, { io }) => {
  const now = new Date();
  const store = recordsFor(io);
  const inUse = outboxOf(store)
    .entries()
    .map(({ session }) => session);
  const options = { ...chosen(flags, now.getTime()), dryRun: flags.dryRun, inUse };
  const result = await cleanUpAudit(store, newSessionId(now, io.pid), options);
  const { removed, open, damaged, freed } = result;
  io.stdout.write(
    flags.json
      ? toJson({ removed, in_use: open, damaged, freed, dry_run: flags.dryRun })
      : renderAuditCleanup(result, flags.dryRun, io.stdout),
  );
  return ExitCode.ok;
};

function chosen({ keep, olderThan }: Flags, now: number): AuditCleanupOptions {
  if (keep === undefined && olderThan === undefined) return { keep: USUAL_KEEP, olderThan: now - USUAL_AGE };
  return { keep, olderThan: olderThan === undefined ? undefined : now - olderThan };
}
