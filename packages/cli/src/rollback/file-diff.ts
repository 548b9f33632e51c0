// What changed in one file, line by line where it is text. Contents come from the store, never from the trees.

import { structuredPatch } from "diff";
import { type Change, type Entry, type FileEntry, type ObjectStore, textOf } from "nono-ts";

/** `lines`: with their signs; lossless text, not fit for a terminal. */
export type Hunk = Readonly<{ header: string; lines: readonly string[] }>;

/** `facts`: what is to say beside lines: modes, targets, sizes and digests. */
export type FileDiff = Readonly<{ hunks: readonly Hunk[]; facts: readonly string[] }>;

/** Of one version, in bytes; and how long lines are looked for that are the same, in milliseconds. */
const [TEXT_MAX, PATIENCE] = [4 << 20, 2000];

/** Where a NUL says that it is no text: what version control looks at. */
const PROBE = 8000;

const CONTEXT = 3;

/** @throws NonoError `object-missing`, `store-damaged` */
export function diffOf(objects: ObjectStore, { before, after }: Change): FileDiff {
  const facts = factsOf(before, after);
  if (contentOf(before) === contentOf(after)) return { hunks: [], facts };
  const [old, now] = [textIn(objects, before), textIn(objects, after)];
  const patch =
    old === undefined || now === undefined
      ? undefined
      : structuredPatch("", "", old, now, "", "", { context: CONTEXT, timeout: PATIENCE });
  if (patch === undefined) return { hunks: [], facts: [...facts, ...identitiesOf(before, after)] };
  const hunks = patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    header: `@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`,
    lines,
  }));
  return { hunks, facts };
}

/** Of no lines, the number is that of the line before. */
function rangeOf(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`;
}

function contentOf(entry: Entry | undefined): string | undefined {
  return entry?.type === "file" ? entry.content : undefined;
}

/** Of what is no file: none. Undefined: no text, or too much of it. */
function textIn(objects: ObjectStore, entry: Entry | undefined): string | undefined {
  if (entry?.type !== "file") return "";
  if (entry.size > TEXT_MAX || entry.stretches !== undefined) return undefined;
  const bytes = objects.read(entry.content);
  return bytes.subarray(0, PROBE).includes(0) ? undefined : textOf(bytes);
}

function factsOf(before: Entry | undefined, after: Entry | undefined): readonly string[] {
  const facts = before !== undefined && after !== undefined ? statesOf(before, after) : [];
  if (before === undefined && after?.type === "file" && (after.mode & 0o111) !== 0)
    facts.push(`mode ${octal(after.mode)}`);
  return [
    ...facts,
    ...targetsOf("-", before, after),
    ...targetsOf("+", after, before),
    ...[before, after].flatMap((entry) =>
      entry?.type === "unread" ? [`not captured: ${entry.reason}`] : [],
    ),
  ];
}

function statesOf(before: Entry, after: Entry): string[] {
  const facts: string[] = [];
  if (before.type !== after.type) facts.push(`${before.type} -> ${after.type}`);
  if (before.mode !== after.mode) facts.push(`mode ${octal(before.mode)} -> ${octal(after.mode)}`);
  if (before.uid !== after.uid || before.gid !== after.gid)
    facts.push(`owner ${before.uid}:${before.gid} -> ${after.uid}:${after.gid}`);
  if (`${before.attributes}` !== `${after.attributes}`) facts.push("extended attributes changed");
  return facts;
}

function targetsOf(sign: string, entry: Entry | undefined, other: Entry | undefined): readonly string[] {
  if (entry?.type === "link") return [`${sign} link to ${entry.target}`];
  const linked = linkedTo(entry);
  return linked === undefined || linked === linkedTo(other) ? [] : [`${sign} one file with ${linked}`];
}

function linkedTo(entry: Entry | undefined): string | undefined {
  return entry?.type === "file" ? entry.linkedTo : undefined;
}

function identitiesOf(before: Entry | undefined, after: Entry | undefined): readonly string[] {
  return [
    ...(before?.type === "file" ? [`- ${identityOf(before)}`] : []),
    ...(after?.type === "file" ? [`+ ${identityOf(after)}`] : []),
  ];
}

function identityOf({ size, content, stretches }: FileEntry): string {
  return `binary, ${size} bytes, sha256 ${stretches === undefined ? "" : "of its data without the holes "}${content}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** In the unified form; names as they are. */
export function patchText({ path, before, after }: Change, { hunks, facts }: FileDiff): string {
  const [old, now] = [before === undefined ? "/dev/null" : path, after === undefined ? "/dev/null" : path];
  const head = hunks.length === 0 ? [] : [`--- ${old}`, `+++ ${now}`];
  const lines = [...facts, ...head, ...hunks.flatMap((hunk) => [hunk.header, ...hunk.lines])];
  return lines.map((line) => `${line}\n`).join("");
}
