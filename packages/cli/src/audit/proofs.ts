// What a text with proofs proves, and whether it leads back to checkpoints that were kept elsewhere. Pure.

import { keysIn, type ProofDocument, parseProof, problemOfProof } from "nono-ts";

export type CheckedProof = Readonly<{
  /** What it says; undefined for what has not the form of a proof. */
  claim: ProofDocument | undefined;
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
  const checked = documents.map((document): CheckedProof => {
    return { claim: parseProof(document), problem: problemOfProof(document) };
  });
  if (anchors.length === 0) return checked;
  const trust = trustFrom(checked, anchors);
  return checked.map((one) => {
    const leads = one.claim !== undefined && leadsBack(one.claim, trust);
    return { ...one, problem: one.problem ?? (leads ? undefined : NOT_ANCHORED) };
  });
}

const NOT_ANCHORED = "its checkpoint is not one that was anchored, nor proven to follow from one";

/** What can be believed: checkpoints, as signed notes, and keys of sessions. */
type Trust = Readonly<{ checkpoints: Set<string>; keys: Set<string> }>;

/** A proof that holds, and rests on what is believed, makes more believed, in whatever order they come. */
function trustFrom(proofs: readonly CheckedProof[], anchors: readonly string[]): Trust {
  const trust: Trust = { checkpoints: new Set(anchors), keys: new Set() };
  let waiting = proofs.flatMap(({ claim, problem }) => (claim && problem === undefined ? [claim] : []));
  for (let before = -1; waiting.length !== before; ) {
    before = waiting.length;
    waiting = waiting.filter((proof) => {
      const leads = leadsBack(proof, trust);
      if (leads) believe(proof, trust);
      return !leads;
    });
  }
  return trust;
}

function believe(proof: ProofDocument, { checkpoints, keys }: Trust): void {
  // A proof that continues a checkpoint vouches for the later one.
  if (proof.kind === "consistency") checkpoints.add(proof.to);
  if (proof.kind === "history") for (const key of keysIn(proof)) keys.add(key);
}

function leadsBack(proof: ProofDocument, { checkpoints, keys }: Trust): boolean {
  if (proof.kind === "history") return checkpoints.has(proof.checkpoint);
  return keys.has(proof.key) || checkpoints.has(proof.kind === "consistency" ? proof.from : proof.checkpoint);
}

/** Several documents, one behind the other, as several calls print them: each begins with a line that is `{` or a whole one. */
function documentsIn(text: string): readonly unknown[] | undefined {
  try {
    return partsOf(text)
      .filter((part) => part.trim() !== "")
      .map((part) => JSON.parse(part));
  } catch {
    return undefined;
  }
}

/** Up to each line that ends a document. Not by an expression, which a long line could keep busy. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let part: string[] = [];
  for (const line of text.split("\n")) {
    part.push(line);
    if (line !== "}" && !(line.startsWith("{") && line.endsWith("}"))) continue;
    parts.push(part.join("\n"));
    part = [];
  }
  return [...parts, part.join("\n")];
}
