// A line of a log: one event in canonical JSON. It names the hash of the line before, and is itself a leaf of the tree.

import { leafHash } from "../hash/merkle.ts";
import { canonicalJson, fromCanonical, type JsonObject } from "./canonical.ts";

/** What happened, as it is handed over. */
export type AuditEntry = Readonly<{ kind: string; data: JsonObject }>;

/** `n`: its place in the log, from 0. `at`: RFC 3339, in UTC. */
export type AuditEvent = AuditEntry & Readonly<{ n: number; at: string }>;

/** Before the first line. */
export const NOTHING = "0".repeat(64);

/** Longest line that is read, in bytes: arguments may have 6 MiB (execve(2)), and escapes make them longer. */
export const LINE_MAX = 64 << 20;

/** @param previous hash of the line before, 64 hexadecimal digits; `NOTHING` for the first */
export function encodeLine({ kind, data, n, at }: AuditEvent, previous: string): Buffer {
  return Buffer.from(canonicalJson({ at, data, kind, n, prev: previous }));
}

/** As it stands in the line: `eventOf` gives the texts back. */
export type DecodedLine = AuditEvent & Readonly<{ previous: string }>;

/** @returns undefined for what is no line of a log */
export function decodeLine(line: Buffer): DecodedLine | undefined {
  const value = parsed(line);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { at, data, kind, n, prev } = value as Record<string, unknown>;
  if (typeof at !== "string" || typeof kind !== "string" || typeof prev !== "string") return undefined;
  if (typeof n !== "number" || typeof data !== "object" || data === null) return undefined;
  return { kind, data: data as JsonObject, n, at, previous: prev };
}

/** What the chain is made of. */
export type LineFrame = Pick<DecodedLine, "kind" | "n" | "previous">;

/** Where canonical JSON has it: at the end of the line, whatever stands in the data. */
const FRAME = /,"kind":"([a-z-]{1,40})","n":(0|[1-9][0-9]{0,15}),"prev":"([0-9a-f]{64})"\}$/;
const FRAME_MAX = 160;

/** The same as `decodeLine` finds, in a third of the time. @returns undefined where only `decodeLine` can tell */
export function frameOf(line: Buffer): LineFrame | undefined {
  const [, kind, n, previous] =
    FRAME.exec(line.toString("latin1", Math.max(0, line.length - FRAME_MAX))) ?? [];
  if (kind === undefined || n === undefined || previous === undefined) return undefined;
  return { kind, n: Number(n), previous };
}

export function eventOf({ kind, data, n, at }: DecodedLine): AuditEvent {
  return { kind, data: fromCanonical(data) as JsonObject, n, at };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** 32 bytes: what the next line names, and what the tree is made of. */
export function hashOfLine(line: Buffer): Buffer {
  return leafHash(line);
}
