// The other end: what `nono approvals` says to the sessions that run.

import type { ControlClient } from "../../control/control-client.ts";
import type { Decision } from "../request.ts";
import type { ApprovalReply, ListedRequest } from "./messages.ts";

/** What one session has to answer for; one that asks nobody answers nothing. */
export class ApprovalClient {
  readonly #control: ControlClient;

  constructor(control: ControlClient) {
    this.#control = control;
  }

  get session(): string {
    return this.#control.session;
  }

  /** undefined: the session has ended meanwhile. */
  async list(): Promise<readonly ListedRequest[] | undefined> {
    const reply = await this.#ask("list-requests");
    return reply?.is === "waiting" ? reply.requests : undefined;
  }

  /** Whether a request waits, or how it was answered. */
  look(id: string): Promise<ApprovalReply | undefined> {
    return this.#ask("look-at-request", { id });
  }

  answer(id: string, decision: Decision): Promise<ApprovalReply | undefined> {
    return this.#ask("answer-request", { id, decision });
  }

  /** What waits, now and whenever that changes, until the session ends. */
  async *watch(): AsyncGenerator<readonly ListedRequest[]> {
    for (
      let told = await this.#ask("watch-requests");
      told !== undefined;
      told = (await this.#control.next()) as ApprovalReply | undefined
    )
      if (told.is === "waiting") yield told.requests;
  }

  async #ask(verb: string, more?: Readonly<Record<string, unknown>>): Promise<ApprovalReply | undefined> {
    return (await this.#control.ask(verb, more)) as ApprovalReply | undefined;
  }
}
