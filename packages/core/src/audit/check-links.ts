// All logs together: numbers without a gap, keys that lead from one to the next, and what each log says of others.

import { isBegunBy } from "./beginning.ts";
import type { LogReport } from "./check-log.ts";
import type { Head, LogBeginning, LogEnd } from "./head.ts";
import { linkData, type Sealed, type SessionLink } from "./link.ts";
import type { Removed } from "./removed.ts";

/** `session`: undefined where it is about all of them. */
export type Finding = Readonly<{ session: string | undefined; problem: string }>;

/** `first`: the root of its first line alone. */
export type KnownLog = Readonly<{ link: SessionLink; first: string }>;

export type Logs = Readonly<{
  /** Of every log that is there and has a first line that can be believed. */
  known: readonly KnownLog[];
  /** Of those that were read as a whole. */
  reports: readonly LogReport[];
  removed: readonly Removed[];
  head: Head | undefined;
  /** The public key that the seed in `head` makes. */
  headKey: Buffer | undefined;
}>;

export function checkLinks(logs: Logs): readonly Finding[] {
  return [...checkNumbers(logs), ...checkSeals(logs), ...checkHead(logs)];
}

/** Whether the log is there or was removed, in the order in which they began. */
function placesOf({ known, removed }: Logs): readonly KnownLog[] {
  return [...known, ...goneOf({ known, removed })].sort((a, b) => a.link.number - b.link.number);
}

/** A cleanup that was killed says that logs were removed which are still there. */
function goneOf({ known, removed }: Pick<Logs, "known" | "removed">): readonly Removed[] {
  const there = new Set(known.map(({ link }) => link.session));
  return removed.filter(({ session }) => !there.has(session));
}

function* checkNumbers(logs: Logs): Generator<Finding> {
  let before: KnownLog | undefined;
  for (const place of placesOf(logs)) {
    yield* checkFollows(before, place);
    before = place;
  }
  for (const gone of goneOf(logs))
    if (!isBegunBy(gone))
      yield {
        session: gone.session,
        problem: "was cleaned up, and its own key did not sign what is said of it",
      };
}

function* checkFollows(before: KnownLog | undefined, { link }: KnownLog): Generator<Finding> {
  const { session, number, before: named } = link;
  const expected = (before?.link.number ?? -1) + 1;
  if (before !== undefined && number === before.link.number) {
    yield { session, problem: `has the number ${number}, and so has session ${before.link.session}` };
    return;
  }
  if (number !== expected) {
    yield { session: undefined, problem: `${gap(expected, number)} before session ${session} is missing` };
    return;
  }
  if (before !== undefined && !before.link.next.equals(link.key))
    yield { session, problem: `is not signed by the key that session ${before.link.session} names` };
  if (named === null && before === undefined) return;
  if (named === null)
    yield { session, problem: "begins a new chain: what was kept between sessions was lost" };
  else if (before === undefined || !isNamedBy(named, before))
    yield {
      session,
      problem: `names session ${named.session} as the one before, which is not what is there`,
    };
}

function isNamedBy({ session, root, key }: LogBeginning, { link, first }: KnownLog): boolean {
  return session === link.session && root === first && (key === undefined || key === linkData(link).key);
}

function gap(from: number, to: number): string {
  return to - from === 1 ? `session number ${from}` : `session numbers ${from} to ${to - 1}`;
}

/** What each log, also one that was removed, says of others. */
function saidBy({ known, removed }: Logs): readonly SessionLink[] {
  return [...known, ...removed].map(({ link }) => link);
}

function* checkSeals(logs: Logs): Generator<Finding> {
  const reported = new Map(logs.reports.map((report) => [report.session, report]));
  const gone = new Map(logs.removed.map((one) => [one.session, one]));
  const there = new Set(logs.known.map(({ link }) => link.session));
  for (const { session: by, sealed } of saidBy(logs))
    for (const one of sealed) {
      const { session } = one;
      const found = reported.get(session) ?? gone.get(session);
      if (found !== undefined || one.how === "missing") yield* checkSeal(one, found, by);
      else if (!there.has(session)) yield { session, problem: `is missing, and session ${by} names it` };
    }
}

function* checkSeal(sealed: Sealed, found: LogReport | Removed | undefined, by: string): Generator<Finding> {
  const { session, how } = sealed;
  const isSound = found !== undefined && (!("problems" in found) || found.problems.length === 0);
  if (how === "missing") yield { session, problem: `had no log when session ${by} began` };
  else if (how === "damaged" && isSound)
    yield { session, problem: `was damaged when session ${by} began, and is not any more` };
  else if (found !== undefined) yield* differs(sealed, "end" in found ? found.end : found, `session ${by}`);
}

function* differs(named: LogEnd | Sealed, found: LogEnd, by: string): Generator<Finding> {
  const { session } = named;
  if (found.size !== named.size)
    yield { session, problem: `has ${found.size} lines, and ${by} says ${named.size}` };
  else if (found.root !== named.root) yield { session, problem: `has other lines than ${by} says` };
}

function* checkHead(logs: Logs): Generator<Finding> {
  const { known, head } = logs;
  const last = placesOf(logs).at(-1);
  if (head === undefined) {
    if (last !== undefined)
      yield {
        session: undefined,
        problem: "what is kept between sessions is missing: the last ones may be, too",
      };
    return;
  }
  yield* checkLast(head, logs.headKey, last);
  yield* checkEnds(logs, head);
  const sealed = new Set(saidBy(logs).flatMap((link) => link.sealed.map(({ session }) => session)));
  const vouched = new Set([...sealed, ...head.open, ...head.ended.map(({ session }) => session)]);
  for (const { link } of known)
    if (!vouched.has(link.session))
      yield { session: link.session, problem: "is named by nothing that came after it" };
}

/**
 * That nothing is missing behind the last log. The seed that its key was made from is gone, so nobody can make what is kept
 * between sessions anew for a log before it.
 */
function* checkLast(
  { before, number }: Head,
  headKey: Buffer | undefined,
  last: KnownLog | undefined,
): Generator<Finding> {
  if (before !== null && (last?.link.session !== before.session || last.first !== before.root)) {
    yield { session: before.session, problem: "began last, and is missing or not what it was" };
    return;
  }
  if (before === null && last !== undefined) {
    yield { session: undefined, problem: "what is kept between sessions names none of them" };
    return;
  }
  const expected = (last?.link.number ?? -1) + 1;
  if (number !== expected)
    yield {
      session: undefined,
      problem: `what is kept between sessions is for session number ${number}, not ${expected}`,
    };
  else if (last !== undefined && headKey?.equals(last.link.next) !== true)
    yield {
      session: undefined,
      problem: `the key of the next session is not the one that session ${last.link.session} names: others may be missing behind it`,
    };
}

function* checkEnds({ known, reports, removed }: Logs, head: Head): Generator<Finding> {
  const gone = new Set(removed.map(({ session }) => session));
  for (const end of head.ended) {
    const report = reports.find(({ session }) => session === end.session);
    if (report !== undefined) yield* differs(end, report.end, "what is kept between sessions");
    else if (!known.some(({ link }) => link.session === end.session) && !gone.has(end.session))
      yield { session: end.session, problem: "is missing, and ended" };
  }
}
