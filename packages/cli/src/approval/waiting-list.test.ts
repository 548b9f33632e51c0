import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anAccess, aRequest, decisions, request, terminal } from "../../test/support/approval-requests.ts";
import { type ApprovalRequest, appliesTo, isAllowed, ruleOf } from "./request.ts";
import { type Event, emptyList, nextDeadline, type Settled, step, type WaitingList } from "./waiting-list.ts";

const TIMEOUT = 60_000;

function run(events: readonly Event[], audience = true) {
  let list: WaitingList = emptyList({ timeout: TIMEOUT, audience });
  const settled: Settled[] = [];
  for (const event of events) {
    const next = step(list, event);
    list = next.list;
    settled.push(...next.settled);
  }
  return { list, settled };
}

const asked = (one: ApprovalRequest, at = 0): Event => ({ kind: "asked", request: one, at });
const answered = (ids: string[], decision: (typeof decisions)[number], at = 1): Event => ({
  kind: "answered",
  ids,
  decision,
  by: terminal,
  at,
});

describe("a request", () => {
  it("waits, and gets the first answer that is given", () => {
    const one = request({ id: "a" });
    expect(run([asked(one)])).toMatchObject({ list: { waiting: [{ request: one }] }, settled: [] });
    const { settled } = run([
      asked(one),
      answered(["a"], { kind: "allow-once" }),
      answered(["a"], { kind: "deny" }, 2),
    ]);
    expect(settled).toEqual([{ id: "a", answer: { kind: "allow-once", by: terminal, at: 1 } }]);
  });

  it("that nobody could answer is denied at once", () => {
    const { settled } = run([asked(request({ id: "a" }))], false);
    expect(settled).toMatchObject([{ id: "a", answer: { kind: "deny", by: { who: "nobody" } } }]);
  });

  it("is denied when the last one leaves who could answer", () => {
    const { settled } = run([asked(request({ id: "a" })), { kind: "audience", present: false, at: 5 }]);
    expect(settled).toMatchObject([{ id: "a", answer: { kind: "deny", by: { who: "nobody" } } }]);
  });

  it("is denied after its time, which an answer to another one begins anew", () => {
    const [one, other] = [request({ id: "a", path: "/a" }), request({ id: "b", path: "/b" })];
    const start = [asked(one), asked(other), answered(["a"], { kind: "deny" }, 50_000)];
    expect(run([asked(one), { kind: "clock", at: 59_999 }]).settled).toEqual([]);
    expect(run([asked(one), { kind: "clock", at: 60_000 }]).settled).toMatchObject([
      { id: "a", answer: { kind: "deny", by: { who: "timeout", seconds: 60 } } },
    ]);
    expect(nextDeadline(run(start).list)).toBe(110_000);
    expect(run([...start, { kind: "clock", at: 100_000 }]).settled).toHaveLength(1);
  });

  it("that is withdrawn is answered by nobody", () => {
    const { list, settled } = run([asked(request({ id: "a" })), { kind: "withdrawn", id: "a", at: 1 }]);
    expect([list.waiting, settled]).toEqual([[], []]);
  });

  it("is denied once nothing will be answered any more", () => {
    const { settled } = run([
      asked(request({ id: "a" })),
      { kind: "closed", at: 1 },
      asked(request({ id: "b" }), 2),
    ]);
    expect(settled.map(({ id, answer }) => [id, answer.kind, answer.by.who])).toEqual([
      ["a", "deny", "end"],
      ["b", "deny", "end"],
    ]);
  });
});

describe("an answer", () => {
  it("holds for all that wait for the same", () => {
    const same = ["a", "b", "c"].map((id) => asked(request({ id })));
    const other = asked(request({ id: "d", path: "/other" }));
    const { settled, list } = run([...same, other, answered(["b"], { kind: "allow-once" })]);
    expect(settled.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(list.waiting).toHaveLength(1);
  });

  it("for once is no answer to what comes later", () => {
    const { list } = run([
      asked(request({ id: "a" })),
      answered(["a"], { kind: "allow-once" }),
      asked(request({ id: "b" }), 2),
    ]);
    expect(list.waiting).toHaveLength(1);
  });

  it("for the session is one to what waits and what comes later, as far as it goes", () => {
    const first = request({
      id: "a",
      path: "/d/a",
      covers: { once: "this", file: "/d/a", directory: "/d" },
      access: "read",
    });
    const events = [
      asked(first),
      asked(request({ id: "b", path: "/d/b", access: "read" })),
      asked(request({ id: "c", path: "/d/c", access: "write" })),
      answered(["a"], { kind: "allow-session", scope: "directory" }),
      asked(request({ id: "d", path: "/d/deep/d", access: "read" }), 2),
      asked(request({ id: "e", path: "/dd", access: "read" }), 2),
    ];
    const { settled, list } = run(events);
    expect(settled.map(({ id, answer }) => [id, answer.by.who])).toEqual([
      ["a", "terminal"],
      ["b", "terminal"],
      ["d", "earlier"],
    ]);
    expect(list.waiting.map((one) => one.request.id)).toEqual(["c", "e"]);
  });

  it("for a directory that no yes can cover is a no", () => {
    const { settled } = run([
      asked(request({ id: "a", covers: { once: "this", file: "/a" } })),
      answered(["a"], { kind: "allow-session", scope: "directory" }),
    ]);
    expect(settled).toMatchObject([{ answer: { kind: "deny" } }]);
  });

  it("of no for the session denies all that contains it", () => {
    const { settled } = run([
      asked(request({ id: "a", access: "write" })),
      answered(["a"], { kind: "deny-session" }),
      asked(request({ id: "b", access: "read+write" }), 2),
    ]);
    expect(settled).toMatchObject([
      {},
      { id: "b", answer: { kind: "deny-session", by: { who: "earlier" } } },
    ]);
  });
});

const anEvent = (known: readonly ApprovalRequest[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known).map((one) => asked(one)) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.subarray(known.map(({ id }) => id)), fc.constantFrom(...decisions))
        .map(([ids, decision]) => answered(ids, decision)),
    },
    fc.constantFrom(...known).map(({ id }): Event => ({ kind: "withdrawn", id, at: 0 })),
    fc.boolean().map((present): Event => ({ kind: "audience", present, at: 0 })),
    fc.constant<Event>({ kind: "clock", at: 0 }),
    { weight: 1, arbitrary: fc.constant<Event>({ kind: "closed", at: 0 }) },
  );

/** Events in the order of time, in which each request is asked for once. */
const aHistory = fc
  .uniqueArray(aRequest, { minLength: 1, maxLength: 8, selector: ({ id }) => id })
  .chain((known) =>
    fc.tuple(
      fc.array(anEvent(known), { maxLength: 40 }),
      fc.array(fc.nat(30_000), { minLength: 40, maxLength: 40 }),
    ),
  )
  .map(([events, pauses]) => {
    let at = 0;
    const seen = new Set<string>();
    return events.flatMap((event, index) => {
      at += pauses[index] ?? 0;
      if (event.kind === "asked" && seen.has(event.request.id)) return [];
      if (event.kind === "asked") seen.add(event.request.id);
      return [{ ...event, at }];
    });
  });

describe("whatever happens", () => {
  it("every request is settled at most once, and waits or was withdrawn otherwise", () =>
    fc.assert(
      fc.property(aHistory, fc.boolean(), (events, audience) => {
        const { list, settled } = run(events, audience);
        const ids = settled.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const waits = list.waiting.map(({ request: { id } }) => id);
        const withdrawn = events.flatMap((event) => (event.kind === "withdrawn" ? [event.id] : []));
        for (const event of events)
          if (event.kind === "asked" && !withdrawn.includes(event.request.id))
            expect([...ids, ...waits].filter((id) => id === event.request.id)).toHaveLength(1);
      }),
    ));

  it("nothing is allowed that no person's answer covers", () =>
    fc.assert(
      fc.property(aHistory, fc.boolean(), (events, audience) => {
        const requests = new Map(events.flatMap(requestOf).map((one) => [one.id, one]));
        const said = events.filter((event) => event.kind === "answered");
        const allowed = run(events, audience).settled.filter(({ answer }) => isAllowed(answer));
        for (const { id } of allowed)
          expect(isCovered(requests.get(id) as ApprovalRequest, said, requests)).toBe(true);
      }),
    ));

  it("nothing waits past its time, without anybody who could answer, or after the end", () =>
    fc.assert(
      fc.property(aHistory, (events) => {
        const { list } = run(events);
        const last = events.at(-1)?.at ?? 0;
        const later = step(list, { kind: "clock", at: last + TIMEOUT });
        expect(later.list.waiting).toEqual([]);
        if (!list.audience || list.closed) expect(list.waiting).toEqual([]);
      }),
    ));
});

function requestOf(event: Event): readonly ApprovalRequest[] {
  return event.kind === "asked" ? [event.request] : [];
}

/** By the same question that was answered with yes, or by a yes for the session. */
function isCovered(
  one: ApprovalRequest,
  said: readonly (Event & { kind: "answered" })[],
  requests: ReadonlyMap<string, ApprovalRequest>,
): boolean {
  return said.some(({ ids, decision }) =>
    ids.some((id) => {
      const meant = requests.get(id);
      if (meant === undefined || !isAllowed(decision)) return false;
      const rule = ruleOf(decision, meant);
      const isSameQuestion =
        meant.path === one.path && meant.access === one.access && meant.operation === one.operation;
      return isSameQuestion || (rule !== undefined && appliesTo(rule, one));
    }),
  );
}

it("a yes to less than is asked for is no yes", () =>
  fc.assert(
    fc.property(aRequest, anAccess, (one, access) => {
      const rule = { allow: true, access, path: one.path, scope: "file" as const };
      if (access === "read" && one.access !== "read") expect(appliesTo(rule, one)).toBe(false);
      if (one.access === "read+write" && access !== "read+write") expect(appliesTo(rule, one)).toBe(false);
      expect(appliesTo({ ...rule, path: `${one.path}x` }, one)).toBe(false);
    }),
  ));
