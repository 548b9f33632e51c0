// What other terminals can ask a session about its requests.

import type { Caller, Verb } from "../../control/control.ts";
import type { Message } from "../../control/message.ts";
import type { Broker, Clock } from "../broker.ts";
import type { Decision } from "../request.ts";
import type { ProfileSaver } from "../save/profile-saver.ts";
import type { Waiting } from "../waiting-list.ts";
import { type ApprovalReply, decisionIn, idIn, type ListedRequest } from "./messages.ts";

export type ApprovalVerbsOptions = Readonly<{
  broker: Broker;
  saver: ProfileSaver;
  clock: Clock;
  /** So long after a list was asked for somebody is there who may answer, in milliseconds. */
  attention: number;
}>;

/** In milliseconds. */
const SOON = 50;

export class ApprovalVerbs {
  readonly #options: ApprovalVerbsOptions;
  #inattentive: (() => void) | undefined;

  constructor(options: ApprovalVerbsOptions) {
    this.#options = options;
  }

  /** For the control of the session. */
  get verbs(): Readonly<Record<string, Verb>> {
    return {
      "list-requests": (_message, caller) => {
        this.#attend();
        caller.tell(this.#waiting());
      },
      "watch-requests": (_message, caller) => this.#watch(caller),
      "look-at-request": (message, caller) => caller.tell(this.#look(idIn(message))),
      "answer-request": (message, caller) => this.#answer(message, caller),
    };
  }

  close(): void {
    this.#inattentive?.();
  }

  #answer(message: Message, caller: Caller): void {
    const [id, decision] = [idIn(message), decisionIn(message)];
    void this.#settle(id, decision, caller).then((reply) => caller.tell(reply));
  }

  async #settle(id: string, decision: Decision, caller: Caller): Promise<ApprovalReply> {
    const { broker, saver } = this.#options;
    const request = broker.waiting.find((one) => one.request.id === id)?.request;
    if (request === undefined) return this.#tooLate(id);
    const by = { who: "process", ...caller.peer, ...caller.describe() } as const;
    try {
      const note = decision.kind === "save-to-profile" ? await saver.propose([request]) : undefined;
      // What was shown and agreed to here was agreed to with the command that asked for it.
      if (decision.kind === "save-to-profile" && broker.answerOf(id) === undefined)
        await saver.save([request]);
      const settled = broker.answer([id], decision, by);
      const answer = settled.find((one) => one.id === id)?.answer;
      if (answer === undefined) return this.#tooLate(id);
      return { is: "settled", answer, count: settled.length, ...(note === undefined ? {} : { note }) };
    } catch (error) {
      return { is: "failed", reason: (error as Error).message };
    }
  }

  #look(id: string): ApprovalReply {
    const waits = this.#options.broker.waiting.filter(({ request }) => request.id === id);
    return waits.length > 0 ? { is: "waiting", requests: waits.map(listed) } : this.#tooLate(id);
  }

  #tooLate(id: string): ApprovalReply {
    const answer = this.#options.broker.answerOf(id);
    return answer === undefined ? { is: "unknown" } : { is: "answered", answer };
  }

  #watch(caller: Caller): void {
    const { broker, clock } = this.#options;
    const leave = broker.join();
    let cancel: (() => void) | undefined;
    // All that has changed in a while is told at once, and not before the last has been read.
    const tellSoon = () => {
      cancel ??= clock.at(clock.now() + SOON, () => {
        cancel = undefined;
        if (caller.unsent() > 0) tellSoon();
        else caller.tell(this.#waiting());
      });
    };
    const unsubscribe = broker.onChange(tellSoon);
    caller.whenGone(() => {
      cancel?.();
      unsubscribe();
      leave();
    });
    caller.tell(this.#waiting());
  }

  /** Who looks may answer. */
  #attend(): void {
    const { broker, clock, attention } = this.#options;
    const leave = broker.join();
    const cancel = clock.at(clock.now() + attention, leave);
    this.#inattentive?.();
    this.#inattentive = () => {
      cancel();
      leave();
    };
  }

  #waiting(): ApprovalReply {
    return { is: "waiting", requests: this.#options.broker.waiting.map(listed) };
  }
}

function listed({ request, since }: Waiting): ListedRequest {
  return { ...request, waitingSince: new Date(since).toISOString() };
}
