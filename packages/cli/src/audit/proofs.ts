// What a text with proofs proves, and whether it leads back to checkpoints that were kept elsewhere. Pure.

import { keysIn, type ProofDocument, problemOfProof } from "nono-ts";

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
  const trust = anchors.length === 0 ? undefined : trustFrom(documents, anchors);
  return documents.map((document) => checked(document, trust));
}

/** What can be believed: checkpoints, as signed notes, and keys of sessions. */
type Trust = Readonly<{ checkpoints: Set<string>; keys: Set<string> }>;

/** A proof that holds, and rests on what is believed, makes more believed. */
function trustFrom(documents: readonly unknown[], anchors: readonly string[]): Trust {
  const trust: Trust = { checkpoints: new Set(anchors), keys: new Set() };
  const size = () => trust.checkpoints.size + trust.keys.size;
  for (let before = -1; size() > before; ) {
    before = size();
    for (const document of documents) believe((document ?? {}) as ProofDocument, trust);
  }
  return trust;
}

function believe(proof: ProofDocument, { checkpoints, keys }: Trust): void {
  if (!leadsBack(proof, { checkpoints, keys }) || problemOfProof(proof) !== undefined) return;
  // A proof that continues a checkpoint vouches for the later one.
  if (proof.kind === "consistency") checkpoints.add(proof.to);
  if (proof.kind === "history") for (const key of keysIn(proof)) keys.add(key);
}

function checked(document: unknown, trust: Trust | undefined): CheckedProof {
  const proof = (document ?? {}) as ProofDocument;
  const leads = trust === undefined || leadsBack(proof, trust);
  const problem = problemOfProof(document) ?? (leads ? undefined : NOT_ANCHORED);
  const line = proof.kind === "inclusion" ? String(proof.line) : undefined;
  return { kind: String(proof.kind), session: String(proof.session), key: String(proof.key), line, problem };
}

const NOT_ANCHORED = "its checkpoint is not one that was anchored, nor proven to follow from one";

function leadsBack(proof: ProofDocument, { checkpoints, keys }: Trust): boolean {
  if (proof.kind === "history") return checkpoints.has(proof.checkpoint);
  return keys.has(proof.key) || checkpoints.has(proof.kind === "consistency" ? proof.from : proof.checkpoint);
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
