// Between those who ask and those who answer, of whom there can be several at once. All that is decided is decided in
// waiting-list.ts; here are the clock and the callers.

import type { Answerer, ApprovalAnswer, ApprovalRequest, Decision } from "./request.ts";
import {
  type Event,
  emptyList,
  nextDeadline,
  type Settled,
  step,
  type Waiting,
  type WaitingList,
} from "./waiting-list.ts";

/** Milliseconds since 1970, and a timer. */
export type Clock = Readonly<{
  now: () => number;
  /** @returns a function that takes it back */
  at: (time: number, then: () => void) => () => void;
}>;

export const systemClock: Clock = {
  now: Date.now,
  at(time, then) {
    const timer = setTimeout(then, Math.max(0, time - Date.now()));
    return () => clearTimeout(timer);
  },
};

/** Settled requests that are remembered, for those who answer too late. */
const REMEMBERED = 1024;

export class Broker {
  readonly #clock: Clock;
  readonly #asking = new Map<string, (answer: ApprovalAnswer) => void>();
  readonly #settled = new Map<string, ApprovalAnswer>();
  readonly #listeners = new Set<(settled: readonly Settled[]) => void>();
  #audience = 0;
  #list: WaitingList;
  #cancelTimer: (() => void) | undefined;

  /** @param timeout in milliseconds, after which a request that nobody answers is denied */
  constructor(timeout: number, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#list = emptyList({ timeout, audience: false });
  }

  /** Never rejects: whatever goes wrong is a denial. @param withdrawn nobody waits for the answer any more */
  ask(request: ApprovalRequest, withdrawn?: AbortSignal): Promise<ApprovalAnswer> {
    return new Promise((resolve) => {
      this.#asking.set(request.id, resolve);
      withdrawn?.addEventListener("abort", () => this.#withdraw(request.id), { once: true });
      this.#happen({ kind: "asked", request, at: this.#clock.now() });
      if (withdrawn?.aborted) this.#withdraw(request.id);
    });
  }

  /** @returns which requests were settled by this; none: somebody else was first */
  answer(ids: readonly string[], decision: Decision, by: Answerer): readonly Settled[] {
    return this.#happen({ kind: "answered", ids, decision, by, at: this.#clock.now() });
  }

  get waiting(): readonly Waiting[] {
    return this.#list.waiting;
  }

  /** The answer that a request got, as far back as can be remembered. */
  answerOf(id: string): ApprovalAnswer | undefined {
    return this.#settled.get(id);
  }

  /** Calls back when what waits has changed. @returns a function that ends it */
  onChange(listener: (settled: readonly Settled[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Somebody who can answer is there. @returns a function to call, once, when that is over */
  join(): () => void {
    this.#audience += 1;
    if (this.#audience === 1) this.#happen({ kind: "audience", present: true, at: this.#clock.now() });
    let there = true;
    return () => {
      if (!there) return;
      there = false;
      this.#audience -= 1;
      if (this.#audience === 0) this.#happen({ kind: "audience", present: false, at: this.#clock.now() });
    };
  }

  /** Denies what waits and what will be asked. */
  close(): void {
    this.#happen({ kind: "closed", at: this.#clock.now() });
  }

  #withdraw(id: string): void {
    const at = this.#clock.now();
    this.#asking.get(id)?.({ kind: "deny", by: { who: "end" }, at });
    if (this.#asking.delete(id)) this.#happen({ kind: "withdrawn", id, at });
  }

  #happen(event: Event): readonly Settled[] {
    const before = this.#list.waiting;
    const { list, settled } = step(this.#list, event);
    this.#list = list;
    for (const { id, answer } of settled) this.#settle(id, answer);
    this.#setTimer();
    if (before !== list.waiting) for (const listener of [...this.#listeners]) listener(settled);
    return settled;
  }

  #settle(id: string, answer: ApprovalAnswer): void {
    this.#settled.set(id, answer);
    const [oldest] = this.#settled.keys();
    if (this.#settled.size > REMEMBERED && oldest !== undefined) this.#settled.delete(oldest);
    this.#asking.get(id)?.(answer);
    this.#asking.delete(id);
  }

  #setTimer(): void {
    this.#cancelTimer?.();
    const deadline = nextDeadline(this.#list);
    this.#cancelTimer =
      deadline === undefined
        ? undefined
        : this.#clock.at(deadline, () => void this.#happen({ kind: "clock", at: this.#clock.now() }));
  }
}
