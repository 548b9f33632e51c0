// nono rollback verify: are the snapshots of a session still what was taken?

import { verifySession } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { recordedRoots } from "../../audit/recorded-roots.ts";
import { ExitCode } from "../../exit-code.ts";
import { verificationDocument } from "../../rollback/documents.ts";
import { findSession, sessionsIn } from "../../rollback/find-session.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderVerification } from "../../ui/rollback.ts";
import { recordsFor } from "../audit/open.ts";
import { withSnapshots } from "./open.ts";
import type { ROLLBACK_VERIFY_SECTIONS } from "./options.ts";

/** Exit code 1 where anything is damaged. */
export const verify: Action<FlagsOf<typeof ROLLBACK_VERIFY_SECTIONS>> = (
  { json },
  { operands: [named], io },
) =>
  withSnapshots(io, (store) => {
    const id = findSession(sessionsIn(store), named);
    const roots = recordedRoots(recordsFor(io), id);
    const verification = verifySession(store.objects, store.look(id), roots);
    io.stdout.write(
      json
        ? toJson(verificationDocument(id, verification, roots?.size))
        : renderVerification(id, verification, roots?.size),
    );
    return verification.damages.length === 0 ? ExitCode.ok : ExitCode.failed;
  });
