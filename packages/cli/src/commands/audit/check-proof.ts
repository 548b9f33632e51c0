// nono audit check-proof: for whoever was given a proof. Needs nothing but it.

import type { Action, FlagsOf } from "../../args/command.ts";
import { checkpointsIn } from "../../audit/anchor.ts";
import { checkProofs } from "../../audit/proofs.ts";
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

function document({
  kind,
  session,
  key,
  line,
  problem,
}: NonNullable<ReturnType<typeof checkProofs>>[number]) {
  return {
    valid: problem === undefined,
    kind,
    session_id: session,
    key,
    problem: problem ?? null,
    event: line === undefined || problem !== undefined ? null : JSON.parse(line),
  };
}
