// Whether the logs can be believed, and since when somebody else can tell.

import { hex } from "../hash/digest.ts";
import type { TreeHead } from "../hash/proof.ts";
import type { AuditStore, Survey } from "./audit-store.ts";
import { checkLinks, type Finding, type KnownLog } from "./check-links.ts";
import { checkLog, type LogReport } from "./check-log.ts";
import { originOf, parseCheckpoint, sessionOfOrigin } from "./checkpoint.ts";
import { logFile } from "./layout.ts";
import { type AuditEvent, eventOf } from "./line.ts";
import { CLEANUP, parseRemoved, REMOVED, type Removed } from "./removed.ts";
import { keyOf } from "./session-key.ts";
import { encodeVerifier, isSigned, parseNote } from "./signed-note.ts";

export type SessionState = "running" | "ended" | "interrupted";

export type VerifiedSession = LogReport &
  Readonly<{
    state: SessionState;
    number: number | undefined;
    /** Of its lines, how many are vouched for by a checkpoint that was kept elsewhere. */
    anchored: number;
  }>;

/** A checkpoint that was kept elsewhere, and whether the log has it still. */
export type AnchorResult = Readonly<{ session: string; size: number; holds: boolean }>;

export type AuditVerification = Readonly<{
  sessions: readonly VerifiedSession[];
  removed: readonly Removed[];
  /** In the order of the sessions; without any, all of it holds. */
  findings: readonly Finding[];
  /** The key that all others follow from, as tools for signed notes take it. */
  firstKey: string | undefined;
  anchors: readonly AnchorResult[];
}>;

export type VerifyOptions = Readonly<{
  /** Only these are read as a whole; of the others the first line, which is what the keys follow from. */
  sessions?: readonly string[];
  /** What `firstKey` has to be. */
  firstKey?: string;
  /** Checkpoints, as signed notes. */
  anchors?: readonly string[];
  /** Told of those events of the sessions that are read as a whole, in their order, that are as they should be. */
  watch?: Readonly<{ kinds: ReadonlySet<string>; told: (session: string, event: AuditEvent) => void }>;
}>;

/** @throws NonoError `audit-unknown`, `audit-busy`, and the file system's own error */
export async function verifyAudit(
  store: AuditStore,
  options: VerifyOptions = {},
): Promise<AuditVerification> {
  const survey = await store.survey();
  const { head } = survey;
  const headKey = head && (await keyOf(Buffer.from(head.seed, "hex"))).key;
  for (const session of options.sessions ?? []) store.file(session);
  const anchors = (options.anchors ?? []).map(anchorOf);
  const removed: Removed[] = [];
  const reports = survey.sessions.map((session) => readOne(store, session, options, anchors, removed));
  const whole = reports.filter(({ session }) => isWanted(session, options));
  const known = reports.flatMap(({ link, first }): KnownLog[] => (link && first ? [{ link, first }] : []));
  const firstKey = firstKeyOf(known, removed);
  const results = anchors.map((anchor) => resultOf(anchor, reports, removed));
  return {
    sessions: whole.map((report) => ({
      ...report,
      state: stateOf(report, survey),
      number: report.link?.number,
      anchored: anchoredOf(report, results, known),
    })),
    removed,
    findings: [
      ...whole.flatMap(({ session, problems }) => problems.map((problem) => ({ session, problem }))),
      ...checkLinks({ known, reports: whole, removed, head, headKey }),
      ...(options.firstKey === undefined || options.firstKey === firstKey ? [] : [OTHER_KEY]),
      ...results.filter(({ holds }) => !holds).map(({ session, size }) => notHeld(session, size)),
    ],
    firstKey,
    anchors: results,
  };
}

const OTHER_KEY: Finding = {
  session: undefined,
  problem: "the first public key is not the one that was given",
};

function notHeld(session: string, size: number): Finding {
  return { session, problem: `does not continue the anchored checkpoint of ${size} lines` };
}

function isWanted(session: string, { sessions }: VerifyOptions): boolean {
  return sessions === undefined || sessions.includes(session);
}

function readOne(
  store: AuditStore,
  session: string,
  options: VerifyOptions,
  anchors: readonly Anchor[],
  removed: Removed[],
): LogReport {
  const file = logFile(store.layout, session);
  const heads = anchors.flatMap((anchor) => (anchor.session === session ? [anchor.head] : []));
  const wanted = isWanted(session, options);
  const whole = wanted || heads.length > 0;
  const watch = wanted ? options.watch : undefined;
  return checkLog(file, session, {
    heads,
    kinds: new Set([REMOVED, ...(watch?.kinds ?? [])]),
    onLine: (line) => {
      if (line.kind === REMOVED) removed.push(...parseRemoved(eventOf(line).data));
      if (watch?.kinds.has(line.kind)) watch.told(session, eventOf(line));
    },
    readOn: ({ data }) => whole || data.purpose === CLEANUP,
  });
}

function stateOf({ session, ended }: LogReport, { open }: Survey): SessionState {
  if (ended) return "ended";
  return open.includes(session) ? "running" : "interrupted";
}

function firstKeyOf(known: readonly KnownLog[], removed: readonly Removed[]): string | undefined {
  const keys = [...known.map(({ link }) => link), ...removed.map(({ link }) => link)];
  const first = keys.find(({ number }) => number === 0);
  return first && encodeVerifier({ name: originOf(first.session), key: first.key });
}

/** The first line of the newest anchored session leads to all that it names: first lines before it, and ends. */
function anchoredOf(
  { session, end, link }: LogReport,
  results: readonly AnchorResult[],
  known: readonly KnownLog[],
): number {
  const held = results.filter(({ holds }) => holds);
  const sessions = new Set(held.map((anchor) => anchor.session));
  const numbers = known.flatMap(({ link: one }) => (sessions.has(one.session) ? [one.number] : []));
  const reach = Math.max(-1, ...numbers);
  const sealed = known.some(
    ({ link: one }) => one.number <= reach && one.sealed.some((other) => other.session === session),
  );
  if (sealed) return end.size;
  const own = held.filter((anchor) => anchor.session === session).map(({ size }) => size);
  return Math.max(link !== undefined && link.number <= reach ? 1 : 0, ...own);
}

type Anchor = Readonly<{ session: string; note: string; head: TreeHead }>;

function anchorOf(note: string): Anchor {
  const checkpoint = parseCheckpoint(note);
  const session = checkpoint && sessionOfOrigin(checkpoint.origin);
  if (checkpoint === undefined || session === undefined) throw new TypeError("an anchor is no checkpoint");
  return { session, note, head: checkpoint };
}

function resultOf(
  { session, note, head }: Anchor,
  reports: readonly LogReport[],
  removed: readonly Removed[],
): AnchorResult {
  const report = reports.find((one) => one.session === session);
  const gone = removed.find((one) => one.session === session);
  const key = (report?.link ?? gone?.link)?.key;
  const parsed = parseNote(note);
  const signed =
    parsed !== undefined && key !== undefined && isSigned(parsed, { name: originOf(session), key });
  const { size } = head;
  const kept =
    report !== undefined ? report.agreed.includes(head) : gone !== undefined && mayHold(gone, head);
  return { session, size, holds: signed && kept };
}

/** Of a log that was removed only its beginning and its end are known. */
function mayHold({ first, size, root }: Removed, head: TreeHead): boolean {
  if (head.size === 1) return hex(head.root) === first;
  return head.size < size || (head.size === size && hex(head.root) === root);
}
