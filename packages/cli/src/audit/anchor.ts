// What is kept elsewhere, so that not even whoever holds the whole log can write it anew: one JSON document a line.

import { type AuditStore, readEvents, readTail, sessionOfOrigin, verifyAudit } from "nono-ts";
import { CliError } from "../error.ts";

export type Anchor = Readonly<{
  format: 1;
  /** Of the first session, as tools for signed notes take it. */
  firstKey: string;
  /** RFC 3339. */
  at: string;
  /** Signed notes. */
  checkpoints: readonly string[];
}>;

/**
 * The last checkpoint of the newest session, and of each that it does not vouch for: those that have ended since it began,
 * and those that run. Those vouch for all others.
 *
 * @throws CliError `audit-none`, and `audit-unanchored` where something is not as it was written
 */
export async function newestAnchor(store: AuditStore, now: Date, to: string): Promise<Anchor> {
  const { head, sessions } = await store.survey();
  const wanted = new Set([
    head?.before?.session,
    ...(head?.open ?? []),
    ...(head?.ended ?? []).map(({ session }) => session),
  ]);
  const chosen = sessions.filter((session) => wanted.has(session));
  if (chosen.length === 0) throw new CliError({ code: "audit-none" });
  const { findings, firstKey } = await verifyAudit(store, { sessions: chosen });
  const [finding] = findings;
  if (finding !== undefined || firstKey === undefined) {
    const problem = finding?.problem ?? "the first session is missing";
    const reason = finding?.session === undefined ? problem : `session ${finding.session} ${problem}`;
    throw new CliError({ code: "audit-unanchored", to, reason: `${reason}: nono audit verify --all` });
  }
  const checkpoints = chosen.flatMap((session) => lastCheckpoint(store.file(session)) ?? []);
  return { format: 1, firstKey, at: now.toISOString(), checkpoints };
}

function lastCheckpoint(file: string): string | undefined {
  const isOne = ({ kind }: Readonly<{ kind: string }>) => kind === "checkpoint";
  const found = readTail(file).findLast(isOne) ?? [...readEvents(file)].findLast(isOne);
  return found && String(found.data.note);
}

/** One line. */
export function anchorText(anchor: Anchor): string {
  return `${JSON.stringify(anchor)}\n`;
}

/** Of a text with anchors, or with one signed note. @throws CliError `audit-no-checkpoint` */
export function checkpointsIn(text: string, file: string): readonly string[] {
  if (!text.trimStart().startsWith("{")) {
    const note = `${text.trim()}\n`;
    if (sessionOfNote(note) !== undefined) return [note];
    throw new CliError({ code: "audit-no-checkpoint", path: file });
  }
  return anchoredIn(text, file).checkpoints;
}

/** Whose checkpoint it is, by its first line. */
export function sessionOfNote(note: string): string | undefined {
  return sessionOfOrigin(note.split("\n", 1)[0] ?? "");
}

/** Of all documents in a text, the first key and every checkpoint. @throws CliError `audit-anchor` */
export function anchoredIn(text: string, file: string): Pick<Anchor, "firstKey" | "checkpoints"> {
  const anchors = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => anchorOf(line, file));
  const [first] = anchors;
  if (first === undefined) throw new CliError({ code: "audit-anchor", path: file, reason: "it is empty" });
  if (anchors.some(({ firstKey }) => firstKey !== first.firstKey))
    throw new CliError({ code: "audit-anchor", path: file, reason: "its lines are of different logs" });
  return { firstKey: first.firstKey, checkpoints: anchors.flatMap(({ checkpoints }) => checkpoints) };
}

function anchorOf(line: string, file: string): Anchor {
  const value = parsed(line);
  const isAnchor =
    value?.format === 1 &&
    typeof value.firstKey === "string" &&
    Array.isArray(value.checkpoints) &&
    value.checkpoints.every((checkpoint) => typeof checkpoint === "string");
  if (!isAnchor)
    throw new CliError({ code: "audit-anchor", path: file, reason: "a line of it is no anchor" });
  return value as Anchor;
}

function parsed(line: string): Partial<Anchor> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
