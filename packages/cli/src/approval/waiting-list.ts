// The requests that wait for an answer, as a state machine: events in, effects out. It knows no clock, no terminal and
// no socket.

import {
  type Answerer,
  type ApprovalAnswer,
  type ApprovalRequest,
  appliesTo,
  type Decision,
  questionKey,
  ruleOf,
  type SessionRule,
} from "./request.ts";

export type Waiting = Readonly<{
  request: ApprovalRequest;
  /** Milliseconds since 1970; both times. */
  since: number;
  deadline: number;
}>;

export type WaitingList = Readonly<{
  /** In the order in which they came. */
  waiting: readonly Waiting[];
  /** The latest decides. */
  rules: readonly SessionRule[];
  /** Whether there is anybody who could answer. */
  audience: boolean;
  /** How long one may wait, in milliseconds: from when it came, or from the last answer of a person. */
  timeout: number;
  closed: boolean;
}>;

export type Event = Readonly<{ at: number }> &
  (
    | Readonly<{ kind: "asked"; request: ApprovalRequest }>
    | Readonly<{ kind: "answered"; ids: readonly string[]; decision: Decision; by: Answerer }>
    /** Nobody waits for it any more. */
    | Readonly<{ kind: "withdrawn"; id: string }>
    | Readonly<{ kind: "audience"; present: boolean }>
    /** Time has passed. */
    | Readonly<{ kind: "clock" }>
    /** Nothing will be answered any more. */
    | Readonly<{ kind: "closed" }>
  );

/** To be told to who asked. */
export type Settled = Readonly<{ id: string; answer: ApprovalAnswer }>;

export type Step = Readonly<{ list: WaitingList; settled: readonly Settled[] }>;

export function emptyList(options: Readonly<{ timeout: number; audience: boolean }>): WaitingList {
  return { waiting: [], rules: [], closed: false, ...options };
}

export function step(list: WaitingList, event: Event): Step {
  switch (event.kind) {
    case "asked":
      return asked(list, event.request, event.at);
    case "answered":
      return answered(list, event);
    case "withdrawn":
      return {
        list: { ...list, waiting: list.waiting.filter(({ request }) => request.id !== event.id) },
        settled: [],
      };
    case "audience":
      return event.present
        ? { list: { ...list, audience: true }, settled: [] }
        : denyAll({ ...list, audience: false }, { who: "nobody" }, event.at);
    case "clock":
      return expired(list, event.at);
    case "closed":
      return denyAll({ ...list, closed: true }, { who: "end" }, event.at);
  }
}

/** When time has to be told next; undefined: nothing waits. */
export function nextDeadline({ waiting }: WaitingList): number | undefined {
  return waiting.reduce<number | undefined>(
    (first, { deadline }) => (first === undefined || deadline < first ? deadline : first),
    undefined,
  );
}

function asked(list: WaitingList, request: ApprovalRequest, at: number): Step {
  const settle = (answer: ApprovalAnswer) => ({ list, settled: [{ id: request.id, answer }] });
  if (list.closed) return settle({ kind: "deny", by: { who: "end" }, at });
  const rule = list.rules.findLast((one) => appliesTo(one, request));
  if (rule !== undefined) return settle({ ...decisionOf(rule), by: { who: "earlier" }, at });
  if (!list.audience) return settle({ kind: "deny", by: { who: "nobody" }, at });
  const waiting = { request, since: at, deadline: at + list.timeout };
  return { list: { ...list, waiting: [...list.waiting, waiting] }, settled: [] };
}

/** The first answer counts: what does not wait any more has had one. */
function answered(list: WaitingList, { ids, decision, by, at }: Event & { kind: "answered" }): Step {
  const wanted = new Set(ids);
  const meant = list.waiting.map(({ request }) => request).filter(({ id }) => wanted.has(id));
  if (meant.length === 0) return { list, settled: [] };
  const made = meant.map((request) => ruleOf(decision, request)).filter((rule) => rule !== undefined);
  const rules = [...list.rules, ...made].filter(
    (rule, index, all) => all.findLastIndex(isEqual(rule)) === index,
  );
  const keys = new Set(meant.map(questionKey));
  const settled: Settled[] = [];
  const waiting: Waiting[] = [];
  for (const one of list.waiting) {
    const { request } = one;
    const rule = made.find((candidate) => appliesTo(candidate, request));
    if (keys.has(questionKey(request)))
      settled.push({ id: request.id, answer: { ...possible(decision, request), by, at } });
    else if (rule !== undefined) settled.push({ id: request.id, answer: { ...decisionOf(rule), by, at } });
    else waiting.push({ ...one, deadline: at + list.timeout });
  }
  return { list: { ...list, waiting, rules }, settled };
}

/** A yes for a directory where there is none to be had is not one for anything. */
function possible(decision: Decision, request: ApprovalRequest): Decision {
  const isPossible = decision.kind !== "allow-session" || ruleOf(decision, request) !== undefined;
  return isPossible ? decision : { kind: "deny" };
}

function isEqual(rule: SessionRule): (other: SessionRule) => boolean {
  return (other) => other.path === rule.path && other.scope === rule.scope && other.access === rule.access;
}

function decisionOf({ allow, scope }: SessionRule): Decision {
  return allow ? { kind: "allow-session", scope } : { kind: "deny-session" };
}

function expired(list: WaitingList, at: number): Step {
  const by: Answerer = { who: "timeout", seconds: list.timeout / 1000 };
  const late = list.waiting.filter(({ deadline }) => deadline <= at);
  return {
    list: { ...list, waiting: list.waiting.filter(({ deadline }) => deadline > at) },
    settled: late.map(({ request }) => ({ id: request.id, answer: { kind: "deny", by, at } })),
  };
}

function denyAll(list: WaitingList, by: Answerer, at: number): Step {
  return {
    list: { ...list, waiting: [] },
    settled: list.waiting.map(({ request }) => ({ id: request.id, answer: { kind: "deny", by, at } })),
  };
}
