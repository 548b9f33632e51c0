// nono audit check-proof: for whoever was given a proof. Needs nothing but it.

import type { Action, FlagsOf } from "../../args/command.ts";
import { checkpointsIn } from "../../audit/anchor.ts";
import { type CheckedProof, checkProofs } from "../../audit/proofs.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderProofs } from "../../ui/audit-proof.ts";
import { readInput } from "./input.ts";
import type { AUDIT_CHECK_PROOF_SECTIONS } from "./options.ts";

export const checkProof: Action<FlagsOf<typeof AUDIT_CHECK_PROOF_SECTIONS>> = (
  { anchor, json },
  { operands: [file = "-"], io },
) => {
  if ([file, ...anchor].filter((one) => one === "-").length > 1)
    throw new CliError({ code: "options-exclusive", option: "--anchor -", other: "-" });
  const anchors = anchor.flatMap((one) => checkpointsIn(readInput(one, io), one));
  const proofs = checkProofs(readInput(file, io), anchors);
  if (proofs === undefined) throw new CliError({ code: "audit-no-proof", path: file });
  io.stdout.write(json ? toJson(proofs.map(document)) : renderProofs(proofs, anchors.length > 0, io.stdout));
  return proofs.every(({ problem }) => problem === undefined) ? ExitCode.ok : ExitCode.failed;
};

function document({ claim, problem }: CheckedProof) {
  return {
    valid: problem === undefined,
    kind: claim?.kind ?? null,
    session_id: claim?.session ?? null,
    key: claim?.key ?? null,
    problem: problem ?? null,
    event: claim?.kind === "inclusion" && problem === undefined ? JSON.parse(claim.line) : null,
  };
}
