// What `nono audit verify --json` writes. A name here is API: never renamed.

import type { AuditVerification } from "nono-ts";

export function verificationDocument({ sessions, removed, findings, firstKey, anchors }: AuditVerification) {
  return {
    valid: findings.length === 0,
    problems: findings.map(({ session, problem }) => ({ session_id: session ?? null, problem })),
    sessions: sessions.map(
      ({ session, state, number, end, signed, anchored, checkpoints, cutOff, problems }) => ({
        session_id: session,
        state,
        number: number ?? null,
        valid: problems.length === 0 && !findings.some((finding) => finding.session === session),
        lines: end.size,
        merkle_root: end.root,
        /** Lines that a signed checkpoint covers. */
        signed_lines: signed,
        /** Lines that a checkpoint vouches for that was kept elsewhere. */
        anchored_lines: anchored,
        checkpoints,
        /** Bytes of a last line that is not whole. */
        cut_off: cutOff,
      }),
    ),
    removed: removed.map(({ session, link, size, root }) => ({
      session_id: session,
      number: link.number,
      lines: size,
      merkle_root: root,
    })),
    first_key: firstKey ?? null,
    anchors: anchors.map(({ session, size, holds }) => ({ session_id: session, lines: size, holds })),
  };
}
