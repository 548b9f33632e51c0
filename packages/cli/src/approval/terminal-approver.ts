// Questions on the terminal that the program is on: its screen is set aside, what it writes waits, and all is given back.

import type { TerminalSize } from "nono-ts/internal";
import type { Broker, Clock } from "./broker.ts";
import { describeAnswer } from "./describe-answer.ts";
import { Inbox } from "./inbox.ts";
import { type Reaction, react, renderView, type View } from "./question/dialog.ts";
import { idsOf, nextQuestion, type Question } from "./question/questions.ts";
import { isAllowed } from "./request.ts";
import type { ProfileSaver } from "./save/profile-saver.ts";
import {
  Answering,
  type Found,
  questionsAt,
  reportsIn,
  unforeseenColumns,
  WHERE_IS_THE_CURSOR,
} from "./screen/cursor-reports.ts";
import type { ProgramScreen } from "./screen/program-screen.ts";
import type { Position } from "./screen/set-aside.ts";

/** What is needed of a CommandTerminal. */
export type HeldTerminal = Readonly<{
  size: TerminalSize;
  isForeground: boolean;
  hold: (onInput: (bytes: Uint8Array) => void) => Promise<void>;
  write: (bytes: Uint8Array) => void;
  type: (bytes: Uint8Array) => void;
  release: () => void;
}>;

export type ApproverOptions = Readonly<{
  terminal: HeldTerminal;
  screen: ProgramScreen;
  broker: Broker;
  saver: ProfileSaver;
  clock: Clock;
  /** After which a question is denied, for people. */
  seconds: number;
}>;

type Message =
  | Readonly<{ kind: "input"; bytes: Uint8Array }>
  | Readonly<{ kind: "timer"; id: number }>
  | Readonly<{ kind: "changed" | "resized" | "continued" | "closed" }>;

/** A terminal that has not said by then where its cursor is never will, in milliseconds. */
const REPLY_WAIT = 1000;
/** How long a notice stays when nobody presses a key. */
const NOTICE_WAIT = 3000;

const ESC = "\u001b";

export class TerminalApprover {
  readonly #options: ApproverOptions;
  readonly #inbox = new Inbox<Message>();
  readonly #leave: () => void;
  readonly #unsubscribe: () => void;
  readonly #finished: Promise<void>;
  #closed = false;
  #changed = false;
  #timers = 0;
  /** What is typed before the first question can be seen is the program's. */
  #typedForProgram = true;
  /** Many of one directory are one question, until somebody wants to see each. */
  #together = true;

  /** Runs until `close`. */
  constructor(options: ApproverOptions) {
    this.#options = options;
    this.#leave = options.broker.join();
    this.#unsubscribe = options.broker.onChange(() => this.#noteChange());
    this.#finished = this.#run();
  }

  /** The window has another size, or the job is in the foreground again. */
  tell(kind: "resized" | "continued"): void {
    this.#inbox.put({ kind });
  }

  /** Nothing can be asked here any more. Resolves when the terminal is the program's again. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#unsubscribe();
      this.#inbox.put({ kind: "closed" });
      this.#leave();
    }
    await this.#finished;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      if (this.#canAsk()) await this.#askAll();
      else await this.#take();
    }
  }

  #canAsk(): boolean {
    return this.#options.broker.waiting.length > 0 && this.#options.terminal.isForeground;
  }

  async #askAll(): Promise<void> {
    const { terminal, screen, broker } = this.#options;
    await terminal.hold((bytes) => this.#inbox.put({ kind: "input", bytes: Uint8Array.from(bytes) }));
    const position = screen.needsPosition ? await this.#positionOfCursor() : undefined;
    this.#write(screen.setAside({ position }));
    this.#typedForProgram = true;
    let given: Uint8Array | undefined;
    while (given === undefined) {
      for (;;) {
        const question = this.#closed ? undefined : nextQuestion(broker.waiting, this.#together);
        if (question === undefined) break;
        await this.#ask(question);
      }
      this.#together = true;
      given = await screen.giveBack({ position });
      if (!this.#closed && broker.waiting.length > 0) given = undefined;
    }
    terminal.write(given);
    terminal.release();
  }

  async #positionOfCursor(): Promise<Position | undefined> {
    this.#typedForProgram = true;
    this.#write(WHERE_IS_THE_CURSOR);
    return (await this.#reply(undefined))?.position;
  }

  /** Until the question is answered, here or elsewhere. */
  async #ask(question: Question): Promise<void> {
    let view: View = { kind: "question", question };
    while (!this.#closed) {
      const reaction = await this.#reactionTo(view);
      const next = await this.#carryOut(reaction);
      if (next === undefined) return;
      view = next;
    }
  }

  /** What is to be shown next; undefined: nothing more. */
  async #carryOut(reaction: Reaction): Promise<View | undefined> {
    const { broker, terminal } = this.#options;
    const by = { who: "terminal" } as const;
    switch (reaction.does) {
      case "nothing":
      case "proceed":
        return undefined;
      case "show":
        return reaction.view;
      case "decide":
        broker.answer(reaction.ids, reaction.decision, by);
        return undefined;
      case "separate":
        this.#together = false;
        return undefined;
      case "interrupt":
        // First, so that it finds the program where it waits.
        terminal.type(Buffer.from("\u0003"));
        broker.answer(
          broker.waiting.map(({ request }) => request.id),
          { kind: "deny" },
          by,
        );
        return undefined;
      case "propose":
      case "save":
        return this.#addToProfile(reaction.does, reaction.question);
    }
  }

  /** The question stays when it cannot be done. */
  async #addToProfile(step: "propose" | "save", question: Question): Promise<View> {
    const { broker, saver } = this.#options;
    const requests = question.items.map(({ request }) => request);
    try {
      if (step === "propose") return { kind: "proposal", question, proposal: await saver.propose(requests) };
      const file = await saver.save(requests);
      broker.answer(idsOf(question), { kind: "save-to-profile" }, { who: "terminal" });
      return { kind: "notice", text: `${file} is written: --profile ${saver.profile} uses it` };
    } catch (error) {
      return { kind: "notice", text: `not written: ${(error as Error).message}` };
    }
  }

  /** Shows it, and waits for a key that means something, or for what makes it pointless. */
  async #reactionTo(view: View): Promise<Reaction> {
    const notice = view.kind === "notice" ? this.#timer(NOTICE_WAIT) : undefined;
    try {
      const drawn = this.#drawing(view);
      let { partial } = drawn;
      const answering = await this.#drawAndAsk(drawn.text);
      while (!this.#closed) {
        const settled = this.#settledElsewhere(view);
        if (settled !== undefined) return { does: "show", view: { kind: "notice", text: settled } };
        const message = await this.#take();
        if (message.kind === "timer" && message.id === notice?.id) break;
        if (message.kind === "resized" || message.kind === "continued") partial = this.#redraw(view);
        const reaction =
          message.kind === "input" ? reactionToFirst(answering, message.bytes, view, partial) : undefined;
        if (reaction !== undefined) return reaction;
      }
      return { does: "proceed" };
    } finally {
      notice?.cancel();
    }
  }

  /** What the view is about, when it does not wait any more, and not because of us. */
  #settledElsewhere(view: View): string | undefined {
    if (view.kind === "notice") return undefined;
    const { broker } = this.#options;
    const waits = new Set(broker.waiting.map(({ request }) => request.id));
    const ids = idsOf(view.question);
    if (ids.some((id) => waits.has(id))) return undefined;
    const answer = broker.answerOf(ids[0] as string);
    return answer === undefined ? "the program does not wait for an answer any more" : describeAnswer(answer);
  }

  /** `partial`: not all of it can be shown. */
  #drawing(view: View): Readonly<{ text: string; partial: boolean }> {
    const { terminal, seconds } = this.#options;
    const { rows, columns } = terminal.size;
    const { lines, partial } = renderView(view, { rows, columns }, { seconds });
    const drawn = lines.map((line, row) => {
      const shown = row === 0 ? `${ESC}[1m${line}${ESC}[0m` : line;
      return `${ESC}[${row + 1};1H${shown}`;
    });
    return { text: `${ESC}[0m${ESC}[2J${drawn.join("")}`, partial };
  }

  #redraw(view: View): boolean {
    const { text, partial } = this.#drawing(view);
    this.#write(text);
    return partial;
  }

  /**
   * Draws, and takes away what was typed before that could be seen: the terminal is asked for places that only it can
   * know by now, so that whatever comes before its reply was typed before it had drawn. In one go: who sees the question may
   * answer it at once.
   *
   * @returns keys typed from then on; without a reply in time they may have been meant for something else
   */
  async #drawAndAsk(text: string): Promise<Answering> {
    const { rows, columns } = this.#options.terminal.size;
    const places = unforeseenColumns(columns);
    this.#write(`${text}${questionsAt(places, rows)}`);
    const found = await this.#reply(places);
    this.#typedForProgram = false;
    return new Answering(places, found !== undefined);
  }

  /** The terminal's reports of where its cursor is; undefined when they do not come. */
  async #reply(columns: readonly number[] | undefined): Promise<Found | undefined> {
    const timer = this.#timer(REPLY_WAIT);
    let typed = "";
    try {
      // Also after the end: a reply that comes later would be typed into whatever has the terminal then.
      for (;;) {
        const message = await this.#take();
        if (message.kind === "timer" && message.id === timer.id) return undefined;
        if (message.kind !== "input") continue;
        typed += Buffer.from(message.bytes).toString("latin1");
        const found = reportsIn(typed, columns);
        if (found === undefined) continue;
        if (this.#typedForProgram) this.#options.terminal.type(Buffer.from(found.before, "latin1"));
        if (found.after !== "")
          this.#inbox.putBack({ kind: "input", bytes: Buffer.from(found.after, "latin1") });
        return found;
      }
    } finally {
      timer.cancel();
    }
  }

  /** Thousands of requests may come at once: one message for all that nobody has looked at. */
  #noteChange(): void {
    if (!this.#changed) this.#inbox.put({ kind: "changed" });
    this.#changed = true;
  }

  async #take(): Promise<Message> {
    const message = await this.#inbox.take();
    if (message.kind === "changed") this.#changed = false;
    return message;
  }

  #timer(milliseconds: number): Readonly<{ id: number; cancel: () => void }> {
    const { clock } = this.#options;
    const id = ++this.#timers;
    const cancel = clock.at(clock.now() + milliseconds, () => this.#inbox.put({ kind: "timer", id }));
    return { id, cancel };
  }

  #write(text: string): void {
    this.#options.terminal.write(Buffer.from(text));
  }
}

/** Nothing is allowed by it. */
function isSafe(reaction: Reaction): boolean {
  return reaction.does === "decide" ? !isAllowed(reaction.decision) : reaction.does !== "save";
}

/** Drawn and asked again afterwards: a terminal that was only slow has caught up by then. */
const UNSEEN: Reaction = {
  does: "show",
  view: {
    kind: "notice",
    text:
      "the terminal did not say in time that it had drawn the question, so that only a no is taken. It is asked again now; " +
      "nono approvals allow answers from another terminal.",
  },
};

/** One key of those that came at once: the others were typed without looking. */
function reactionToFirst(
  answering: Answering,
  bytes: Uint8Array,
  view: View,
  partial: boolean,
): Reaction | undefined {
  const [key] = answering.read(bytes);
  const reaction = key && react(view, key, partial);
  if (reaction === undefined || reaction.does === "nothing") return undefined;
  return answering.isSeen || isSafe(reaction) ? reaction : UNSEEN;
}
