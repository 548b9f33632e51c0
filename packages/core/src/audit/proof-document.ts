// Proofs that can be checked without the log, by anybody: one line is in it, or one checkpoint continues another.

import { hex } from "../hash/digest.ts";
import { consistencyProof, inclusionProof, isContinued, isIncluded } from "../hash/proof.ts";
import { checkLog } from "./check-log.ts";
import { type Checkpoint, originOf, parseCheckpoint } from "./checkpoint.ts";
import { type HistoryProof, problemOfHistory } from "./history-proof.ts";
import { hashOfLine } from "./line.ts";
import { LogLines } from "./log-lines.ts";
import { decodeVerifier, encodeVerifier, isSigned, parseNote } from "./signed-note.ts";

/** Hashes are 64 hexadecimal digits; `key` as tools for signed notes take it. */
export type ProofDocument = TreeProof | HistoryProof;

type TreeProof = Readonly<{ format: 1; session: string; key: string; hashes: readonly string[] }> &
  (
    | Readonly<{ kind: "inclusion"; index: number; line: string; checkpoint: string }>
    | Readonly<{ kind: "consistency"; from: string; to: string }>
  );

type ReadLog = Readonly<{
  leaves: readonly Buffer[];
  key: string;
  checkpoint: string;
  size: number;
  line: string;
}>;

/** @returns undefined where line `index` is not covered by a checkpoint yet. @throws RangeError for a damaged log */
export function proveInclusion(file: string, session: string, index: number): ProofDocument | undefined {
  const { leaves, key, checkpoint, size, line } = read(file, session, index);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return undefined;
  const hashes = inclusionProof(leaves.slice(0, size), index).map(hex);
  return { format: 1, kind: "inclusion", session, key, index, line, checkpoint, hashes };
}

/** @returns undefined where the log is not longer. @throws RangeError for a damaged log */
export function proveConsistency(file: string, session: string, from: string): ProofDocument | undefined {
  const { leaves, key, checkpoint, size } = read(file, session, 0);
  const earlier = parseCheckpoint(from);
  if (earlier === undefined || earlier.size < 1 || earlier.size > size) return undefined;
  const hashes = consistencyProof(leaves.slice(0, size), earlier.size).map(hex);
  return { format: 1, kind: "consistency", session, key, from, to: checkpoint, hashes };
}

function read(file: string, session: string, index: number): ReadLog {
  const leaves: Buffer[] = [];
  let checkpoint = "";
  const report = checkLog(file, session, {
    onLeaf: (hash) => void leaves.push(hash),
    onLine: ({ kind, data }) => {
      if (kind === "checkpoint") checkpoint = String(data.note);
    },
  });
  if (report.problems.length > 0) throw new RangeError(report.problems[0]);
  const key = encodeVerifier({ name: originOf(session), key: report.link?.key ?? Buffer.alloc(32) });
  const { size = 0 } = report.checkpoint ?? {};
  return { leaves, key, checkpoint, size, line: lineAt(file, index) };
}

function lineAt(file: string, index: number): string {
  const lines = new LogLines(file);
  try {
    let at = 0;
    for (const line of lines.next()) if (at++ === index) return line.toString();
    return "";
  } finally {
    lines.close();
  }
}

/** Why it does not hold; undefined: it does. What it says of its key is for the reader to compare. */
export function problemOfProof(document: unknown): string | undefined {
  const proof = document as ProofDocument | null;
  if (proof?.format !== 1) return "it is no proof";
  if (proof.kind === "history") return problemOfHistory(proof);
  if (!Array.isArray(proof.hashes)) return "it is no proof";
  const hashes = proof.hashes.map((hash) => Buffer.from(String(hash), "hex"));
  if (!hashes.every((hash) => hash.length === 32)) return "a hash of it is none";
  if (proof.kind === "inclusion") return problemOfInclusion(proof, hashes);
  return proof.kind === "consistency" ? problemOfConsistency(proof, hashes) : "it is no proof";
}

function problemOfInclusion(
  proof: TreeProof & { kind: "inclusion" },
  hashes: readonly Buffer[],
): string | undefined {
  const head = believed(proof, proof.checkpoint);
  if (head === undefined) return "its checkpoint is not signed by its key";
  const leaf = hashOfLine(Buffer.from(String(proof.line)));
  return isIncluded(leaf, proof.index, head.size, hashes, head.root)
    ? undefined
    : "the line is not in the log that the checkpoint is of";
}

function problemOfConsistency(
  proof: TreeProof & { kind: "consistency" },
  hashes: readonly Buffer[],
): string | undefined {
  const [from, to] = [believed(proof, proof.from), believed(proof, proof.to)];
  if (from === undefined || to === undefined) return "a checkpoint of it is not signed by its key";
  return isContinued(from, to, hashes) ? undefined : "the later checkpoint does not continue the earlier one";
}

function believed({ session, key }: TreeProof, note: unknown): Checkpoint | undefined {
  if (typeof note !== "string") return undefined;
  const [checkpoint, parsed, verifier] = [
    parseCheckpoint(note),
    parseNote(note),
    decodeVerifier(String(key)),
  ];
  if (checkpoint === undefined || parsed === undefined || verifier === undefined) return undefined;
  const own = checkpoint.origin === originOf(session) && verifier.name === checkpoint.origin;
  return own && isSigned(parsed, verifier) ? checkpoint : undefined;
}
