// What a checkpoint says: which log, how many lines, and the root of the tree over them. Source: C2SP tlog-checkpoint.

import type { TreeHead } from "../hash/proof.ts";
import { parseNote } from "./signed-note.ts";

/** `extensions`: further lines, which are signed with the rest. */
export type Checkpoint = TreeHead & Readonly<{ origin: string; extensions?: readonly string[] }>;

/** The name of a session's log, and of the key that signs it. */
export function originOf(session: string): string {
  return `nono-audit/${session}`;
}

/** @returns undefined for another log's name */
export function sessionOfOrigin(origin: string): string | undefined {
  return /^nono-audit\/(.+)$/.exec(origin)?.[1];
}

export function checkpointText({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, size, root.toString("base64"), ...extensions, ""].join("\n");
}

/** @returns undefined for what is none; its signatures are not looked at */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const [origin, size = "", root = "", ...rest] = parseNote(note)?.text.split("\n") ?? [];
  const bytes = Buffer.from(root, "base64");
  if (origin === undefined || !/^(0|[1-9][0-9]{0,15})$/.test(size) || bytes.length !== 32) return undefined;
  if (bytes.toString("base64") !== root) return undefined;
  return { origin, size: Number(size), root: bytes, extensions: rest.slice(0, -1) };
}
