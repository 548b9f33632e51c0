// What proofs prove, for people.

import type { ProofDocument } from "nono-ts";
import { show } from "nono-ts/internal";
import type { CheckedProof } from "../audit/proofs.ts";
import type { Output } from "../io.ts";
import { wrap } from "./wrap.ts";

/** @param anchored whether they had to lead back to checkpoints that were kept elsewhere */
export function renderProofs(
  proofs: readonly CheckedProof[],
  anchored: boolean,
  { columns }: Pick<Output, "columns">,
): string {
  return `${proofs.flatMap((proof) => linesOf(proof, anchored, columns)).join("\n")}\n`;
}

function linesOf({ claim, problem }: CheckedProof, anchored: boolean, columns: number): readonly string[] {
  if (claim === undefined || problem !== undefined)
    return wrap(`not proven: ${show(problem ?? "it is no proof")}`, columns);
  return [
    ...wrap(`proven: the ${PROVEN[claim.kind].replace("SESSION", () => show(claim.session))}`, columns),
    ...(claim.kind === "inclusion" ? [`  ${show(claim.line)}`] : []),
    ...(anchored ? [] : wrap(`if this is its key: ${show(claim.key)}`, columns, 2)),
  ];
}

const PROVEN: Readonly<Record<ProofDocument["kind"], string>> = {
  inclusion: "record of session SESSION has this event",
  consistency: "record of session SESSION was only continued",
  history: "key of session SESSION is one of this history",
};
