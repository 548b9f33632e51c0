// What proofs prove, for people.

import { show } from "nono-ts";
import type { CheckedProof } from "../audit/proofs.ts";
import type { Output } from "../io.ts";
import { wrap } from "./wrap.ts";

/** @param anchored whether they had to lead back to checkpoints that were kept elsewhere */
export function renderProofs(
  proofs: readonly CheckedProof[],
  anchored: boolean,
  { columns }: Pick<Output, "columns">,
): string {
  const lines = proofs.flatMap((proof) => [
    ...wrap(proofText(proof), columns),
    ...(proof.line === undefined || proof.problem !== undefined ? [] : [`  ${show(proof.line)}`]),
    ...(anchored || proof.problem !== undefined
      ? []
      : wrap(`if this is its key: ${show(proof.key)}`, columns, 2)),
  ]);
  return `${lines.join("\n")}\n`;
}

const PROVEN: Readonly<Record<string, string>> = {
  inclusion: "record of session SESSION has this event",
  consistency: "record of session SESSION was only continued",
  history: "key of session SESSION is one of this history",
};

function proofText({ kind, session, problem }: CheckedProof): string {
  if (problem !== undefined) return `not proven: ${show(problem)}`;
  return `proven: the ${PROVEN[kind]?.replace("SESSION", () => show(session))}`;
}
