// All logs together: numbers without a gap, keys that lead from one to the next, and what each log says of others.

import type { LogReport } from "./check-log.ts";
import type { Head, LogEnd } from "./head.ts";
import type { Sealed, SessionLink } from "./link.ts";
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
}>;

export function checkLinks(logs: Logs): readonly Finding[] {
  return [...checkNumbers(logs), ...checkSeals(logs), ...checkHead(logs)];
}

type Place = Readonly<{
  session: string;
  number: number;
  first: string;
  key: Buffer;
  next: Buffer;
  link: SessionLink | undefined;
}>;

function placesOf({ known, removed }: Logs): readonly Place[] {
  const there = known.map(
    ({ link, first }): Place => ({
      session: link.session,
      number: link.number,
      first,
      key: link.key,
      next: link.next,
      link,
    }),
  );
  const sessions = new Set(there.map(({ session }) => session));
  const gone = removed.filter(({ session }) => !sessions.has(session));
  return [...there, ...gone.map((one): Place => ({ ...one, link: undefined }))].sort(
    (a, b) => a.number - b.number,
  );
}

function* checkNumbers(logs: Logs): Generator<Finding> {
  let before: Place | undefined;
  for (const place of placesOf(logs)) {
    yield* checkFollows(before, place);
    before = place;
  }
}

function* checkFollows(before: Place | undefined, place: Place): Generator<Finding> {
  const { session, number, link } = place;
  const expected = (before?.number ?? -1) + 1;
  if (before !== undefined && number === before.number) {
    yield { session, problem: `has the number ${number}, and so has session ${before.session}` };
    return;
  }
  if (number !== expected) {
    yield { session: undefined, problem: `${gap(expected, number)} before session ${session} is missing` };
    return;
  }
  if (before !== undefined && !before.next.equals(place.key))
    yield { session, problem: `is not signed by the key that session ${before.session} names` };
  if (link === undefined) return;
  const named = link.before;
  if (named === null && before === undefined) return;
  if (named === null)
    yield { session, problem: "begins a new chain: what was kept between sessions was lost" };
  else if (before === undefined || named.session !== before.session || named.root !== before.first)
    yield {
      session,
      problem: `names session ${named.session} as the one before, which is not what is there`,
    };
}

function gap(from: number, to: number): string {
  return to - from === 1 ? `session number ${from}` : `session numbers ${from} to ${to - 1}`;
}

/** What each log, also one that was removed, says of others. */
function saidBy({ known, removed }: Logs): readonly Pick<SessionLink, "session" | "sealed">[] {
  return [...known.map(({ link }) => link), ...removed];
}

function* checkSeals(logs: Logs): Generator<Finding> {
  const { known, reports, removed } = logs;
  const reported = new Map(reports.map((report) => [report.session, report]));
  const there = new Set(known.map(({ link }) => link.session));
  for (const link of saidBy(logs))
    for (const sealed of link.sealed) {
      const { session } = sealed;
      const gone = removed.find((one) => one.session === session);
      const report = reported.get(session);
      if (sealed.how === "missing")
        yield { session, problem: `had no log when session ${link.session} began` };
      else if (report !== undefined) yield* differs(sealed, report.end, `session ${link.session}`);
      else if (gone !== undefined) yield* differs(sealed, gone, `session ${link.session}`);
      else if (!there.has(session))
        yield { session, problem: `is missing, and session ${link.session} names it` };
    }
}

function* differs(named: LogEnd | Sealed, found: LogEnd, by: string): Generator<Finding> {
  const { session } = named;
  if (found.size !== named.size)
    yield { session, problem: `has ${found.size} lines, and ${by} says ${named.size}` };
  else if (found.root !== named.root) yield { session, problem: `has other lines than ${by} says` };
}

function* checkHead(logs: Logs): Generator<Finding> {
  const { known, reports, removed, head } = logs;
  const last = known.reduce<KnownLog | undefined>(
    (a, b) => (a === undefined || b.link.number > a.link.number ? b : a),
    undefined,
  );
  if (head === undefined) {
    if (last !== undefined)
      yield {
        session: undefined,
        problem: "what is kept between sessions is missing: the last ones may be, too",
      };
    return;
  }
  const { before } = head;
  if (before !== null && (last?.link.session !== before.session || last.first !== before.root))
    yield { session: before.session, problem: "began last, and is missing or not what it was" };
  const sealed = new Set(saidBy(logs).flatMap((link) => link.sealed.map(({ session }) => session)));
  const vouched = new Set([...sealed, ...head.open, ...head.ended.map(({ session }) => session)]);
  const gone = new Set(removed.map(({ session }) => session));
  for (const end of head.ended) {
    const report = reports.find(({ session }) => session === end.session);
    if (report !== undefined) yield* differs(end, report.end, "what is kept between sessions");
    else if (!known.some(({ link }) => link.session === end.session) && !gone.has(end.session))
      yield { session: end.session, problem: "is missing, and ended" };
  }
  for (const { link } of known)
    if (!vouched.has(link.session))
      yield { session: link.session, problem: "is named by nothing that came after it" };
}
