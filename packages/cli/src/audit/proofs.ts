// What a text with proofs proves, and whether it leads back to checkpoints that were kept elsewhere. Pure.

import { type ProofDocument, problemOfProof } from "nono-ts";

export type CheckedProof = Readonly<{
  kind: string;
  session: string;
  key: string;
  /** The event as it was recorded, canonical JSON; of a consistency proof none. */
  line: string | undefined;
  /** Why it proves nothing. */
  problem: string | undefined;
}>;

/**
 * @param anchors signed notes; empty: nobody asks whose the keys are
 * @returns undefined where the text is no JSON
 */
export function checkProofs(text: string, anchors: readonly string[]): readonly CheckedProof[] | undefined {
  const documents = documentsIn(text);
  if (documents === undefined || documents.length === 0) return undefined;
  const trusted = new Set(anchors);
  // A proof that continues a checkpoint vouches for the later one.
  for (let before = -1; trusted.size > before; ) {
    before = trusted.size;
    for (const proof of documents)
      if (isConsistency(proof) && trusted.has(proof.from) && problemOfProof(proof) === undefined)
        trusted.add(proof.to);
  }
  return documents.map((document) => checked(document, anchors.length === 0 ? undefined : trusted));
}

function checked(document: unknown, trusted: ReadonlySet<string> | undefined): CheckedProof {
  const proof = (document ?? {}) as ProofDocument;
  const problem = problemOfProof(document) ?? (leadsBack(proof, trusted) ? undefined : NOT_ANCHORED);
  const line = proof.kind === "inclusion" ? String(proof.line) : undefined;
  return { kind: String(proof.kind), session: String(proof.session), key: String(proof.key), line, problem };
}

const NOT_ANCHORED = "its checkpoint is not one that was anchored, nor proven to continue one";

function leadsBack(proof: ProofDocument, trusted: ReadonlySet<string> | undefined): boolean {
  return trusted === undefined || trusted.has(proof.kind === "consistency" ? proof.from : proof.checkpoint);
}

function isConsistency(proof: unknown): proof is ProofDocument & { kind: "consistency" } {
  return (proof as ProofDocument | null)?.kind === "consistency";
}

/** Several documents, one behind the other, as several calls print them: each begins with a line that is `{` or a whole one. */
function documentsIn(text: string): readonly unknown[] | undefined {
  const parts = text.split(/(?<=^\}|^\{.*\})\n/m).filter((part) => part.trim() !== "");
  try {
    return parts.map((part) => JSON.parse(part));
  } catch {
    return undefined;
  }
}
