// All that can answer for one run, put together: the broker, the program's terminal, and what other terminals can ask.

import { statSync } from "node:fs";
import {
  type Answer,
  bytesOf,
  type CanonicalPath,
  type Guarded,
  type OwnTerminal,
  type Request,
} from "nono-ts";
import { CommandTerminal } from "nono-ts/internal";
import type { Verb } from "../control/control.ts";
import { canDraw } from "../terminal/can-draw.ts";
import { Broker, systemClock } from "./broker.ts";
import { type Bounds, offersOf } from "./offer.ts";
import { type Answerer, type ApprovalAnswer, type ApprovalRequest, isAllowed } from "./request.ts";
import { requestIds } from "./request-ids.ts";
import type { ProfileSaver } from "./save/profile-saver.ts";
import { ProgramScreen } from "./screen/program-screen.ts";
import { ApprovalVerbs } from "./socket/approval-verbs.ts";
import { TerminalApprover } from "./terminal-approver.ts";

export type ApprovalOptions = Readonly<{
  /** After which a request is denied. */
  seconds: number;
  /** Whether questions may be asked on our terminal: not when we were told to be silent. */
  ask: boolean;
  env: Readonly<Record<string, string>>;
}>;

/** Once it is known what the run may do. */
export type ApprovalContext = Pick<Bounds, "plan" | "protectedRoots" | "policyFiles"> &
  Readonly<{
    /** Its id. */
    session: string;
    saver: ProfileSaver;
    /** Awaited before an answer holds; a throw denies. */
    tell: (event: QuestionEvent) => Promise<void>;
  }>;

/** What is put to people, and what comes back. */
export type QuestionEvent =
  | Readonly<{ kind: "question"; question: ApprovalRequest }>
  | Readonly<{ kind: "answered"; question: ApprovalRequest; answer: ApprovalAnswer }>;

/** Denials that no person has given. */
export type Unanswered = Readonly<{ timeout: number; nobody: number }>;

export class ApprovalSession {
  readonly #options: ApprovalOptions;
  readonly #broker: Broker;
  readonly #terminal: CommandTerminal | undefined;
  readonly #screen: ProgramScreen | undefined;
  readonly #unanswered = { timeout: 0, nobody: 0 };
  readonly #ids = requestIds();
  readonly #answerers = new WeakMap<Request, Answerer>();
  /** The terminal is there from the start, and can ask only once the program is on it. */
  readonly #leave: (() => void) | undefined;
  #context: ApprovalContext | undefined;
  #approver: TerminalApprover | undefined;
  #verbs: ApprovalVerbs | undefined;

  /** To be closed in any case. The terminal has to be known before the policy: the real one is not to be granted. */
  constructor(options: ApprovalOptions) {
    this.#options = options;
    this.#broker = new Broker(options.seconds * 1000);
    this.#terminal = options.ask && canDraw(options.env) ? this.#openTerminal() : undefined;
    this.#screen = this.#terminal && new ProgramScreen(this.#terminal.size);
    this.#leave = this.#terminal && this.#broker.join();
  }

  /** `/dev/pts/N`, of the program's own terminal. */
  get terminalName(): string | undefined {
    return this.#terminal?.name;
  }

  /** Before the start. @returns what other terminals can ask */
  prepare(context: ApprovalContext): Readonly<Record<string, Verb>> {
    this.#context = context;
    this.#verbs = new ApprovalVerbs({
      broker: this.#broker,
      saver: context.saver,
      clock: systemClock,
      attention: this.#options.seconds * 1000,
    });
    return this.#verbs.verbs;
  }

  /** For `runSupervised`. */
  get start(): Readonly<{
    onRequest: (request: Request, withdrawn: AbortSignal) => Promise<Answer>;
    terminal?: OwnTerminal;
  }> {
    const onRequest = (request: Request, withdrawn: AbortSignal) => this.#ask(request, withdrawn);
    return this.#terminal === undefined ? { onRequest } : { onRequest, terminal: this.#terminal.own };
  }

  /** The program has been started. */
  begin(guarded: Guarded): void {
    if (this.#terminal === undefined || this.#screen === undefined || this.#context === undefined) return;
    this.#terminal.begin(guarded);
    this.#approver = new TerminalApprover({
      terminal: this.#terminal,
      screen: this.#screen,
      broker: this.#broker,
      saver: this.#context.saver,
      clock: systemClock,
      seconds: this.#options.seconds,
    });
    this.#leave?.();
  }

  /** The program has ended: resolves when all that it wrote is on the terminal, which is as it was before, its colours too. */
  async end(): Promise<void> {
    this.#broker.close();
    await this.#approver?.close();
    await this.#terminal?.end(() => this.#screen?.takeBackColours() ?? "");
  }

  get unanswered(): Unanswered {
    return { ...this.#unanswered };
  }

  /** undefined: nobody was asked. */
  answererOf(request: Request): Answerer | undefined {
    return this.#answerers.get(request);
  }

  /** At any time, and after `end`. */
  close(): void {
    this.#broker.close();
    this.#terminal?.close();
    this.#screen?.close();
    this.#verbs?.close();
  }

  #openTerminal(): CommandTerminal | undefined {
    return CommandTerminal.open({
      output: (bytes) => this.#screen?.output(bytes),
      resized: (size) => {
        this.#screen?.resized(size);
        this.#approver?.tell("resized");
      },
      continued: () => this.#approver?.tell("continued"),
      hungUp: () => void this.#approver?.close(),
    });
  }

  async #ask(request: Request, withdrawn: AbortSignal): Promise<Answer> {
    const context = this.#context;
    const offers = context === undefined ? [] : offersOf(request, { ...context, isDirectory });
    if (context === undefined || offers.length === 0) return { allow: false };
    for (const offer of offers)
      if (!(await this.#put({ ...offer, id: this.#ids.next().value }, context, request, withdrawn)))
        return { allow: false };
    return { allow: true };
  }

  async #put(
    question: ApprovalRequest,
    context: ApprovalContext,
    request: Request,
    withdrawn: AbortSignal,
  ): Promise<boolean> {
    await context.tell({ kind: "question", question });
    const answer = await this.#broker.ask(question, withdrawn);
    await context.tell({ kind: "answered", question, answer });
    this.#count(answer.by);
    this.#answerers.set(request, answer.by);
    return isAllowed(answer);
  }

  #count({ who }: Answerer): void {
    if (who === "timeout" || who === "nobody") this.#unanswered[who] += 1;
  }
}

function isDirectory(path: CanonicalPath): boolean {
  try {
    return statSync(bytesOf(path)).isDirectory();
  } catch {
    return false; // what is not there is none
  }
}
