// Proofs that can be checked without the log, by anybody: one line is in it, or one checkpoint continues another.

import { hex, isDigest } from "../hash/digest.ts";
import { consistencyProof, inclusionProof, isContinued, isIncluded } from "../hash/proof.ts";
import { checkLog } from "./check-log.ts";
import { type Checkpoint, originOf, parseCheckpoint } from "./checkpoint.ts";
import { type HistoryProof, problemOfHistory } from "./history-proof.ts";
import { decodeLine, hashOfLine } from "./line.ts";
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

/** Of a value that somebody else made. @returns undefined for what has not the form of a proof */
export function parseProof(value: unknown): ProofDocument | undefined {
  if (!isObject(value) || value.format !== 1) return undefined;
  const { kind, hashes, steps } = value;
  const texts = typeof kind === "string" && Object.hasOwn(TEXTS, kind) ? TEXTS[kind as ProofKind] : undefined;
  if (texts === undefined || !texts.every((field) => typeof value[field] === "string")) return undefined;
  const isWhole = kind === "history" ? isListOf(steps, isObject) : isListOf(hashes, isDigest);
  if (!isWhole || (kind === "inclusion" && !Number.isSafeInteger(value.index))) return undefined;
  return value as ProofDocument;
}

type ProofKind = ProofDocument["kind"];

/** Which fields are texts. */
const TEXTS: Readonly<Record<ProofKind, readonly string[]>> = {
  inclusion: ["session", "key", "line", "checkpoint"],
  consistency: ["session", "key", "from", "to"],
  history: ["session", "key", "checkpoint"],
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

/** Why it does not hold; undefined: it does. What it says of its key is for the reader to compare. */
export function problemOfProof(document: unknown): string | undefined {
  const proof = parseProof(document);
  if (proof === undefined) return "it is no proof";
  if (proof.kind === "history") return problemOfHistory(proof);
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, "hex"));
  return proof.kind === "inclusion" ? problemOfInclusion(proof, hashes) : problemOfConsistency(proof, hashes);
}

function problemOfInclusion(
  proof: TreeProof & { kind: "inclusion" },
  hashes: readonly Buffer[],
): string | undefined {
  const head = believed(proof, proof.checkpoint);
  if (head === undefined) return "its checkpoint is not signed by its key";
  const line = Buffer.from(proof.line);
  if (!isIncluded(hashOfLine(line), proof.index, head.size, hashes, head.root))
    return "the line is not in the log that the checkpoint is of";
  return decodeLine(line)?.n === proof.index ? undefined : "the line is no event of that number";
}

function problemOfConsistency(
  proof: TreeProof & { kind: "consistency" },
  hashes: readonly Buffer[],
): string | undefined {
  const [from, to] = [believed(proof, proof.from), believed(proof, proof.to)];
  if (from === undefined || to === undefined) return "a checkpoint of it is not signed by its key";
  return isContinued(from, to, hashes) ? undefined : "the later checkpoint does not continue the earlier one";
}

function believed({ session, key }: TreeProof, note: string): Checkpoint | undefined {
  const [checkpoint, parsed, verifier] = [parseCheckpoint(note), parseNote(note), decodeVerifier(key)];
  if (checkpoint === undefined || parsed === undefined || verifier === undefined) return undefined;
  const own = checkpoint.origin === originOf(session) && verifier.name === checkpoint.origin;
  return own && isSigned(parsed, verifier) ? checkpoint : undefined;
}
