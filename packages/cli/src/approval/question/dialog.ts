// A question and what a person does with it, key by key. Pure: what has to be done is given back.

import type { Key } from "../../terminal/keys.ts";
import type { Decision } from "../request.ts";
import { type Choice, choicesOf } from "./choices.ts";
import { idsOf, type Question } from "./questions.ts";
import {
  type Rendered,
  type Room,
  renderList,
  renderNotice,
  renderProposal,
  renderQuestion,
} from "./render.ts";

export type View =
  | Readonly<{ kind: "question"; question: Question }>
  | Readonly<{ kind: "list"; question: Question; page: number }>
  /** What would be written to a profile. */
  | Readonly<{ kind: "proposal"; question: Question; proposal: string }>
  /** Something has happened; any key goes on. */
  | Readonly<{ kind: "notice"; text: string }>;

export type Reaction =
  | Readonly<{ does: "nothing" }>
  | Readonly<{ does: "show"; view: View }>
  | Readonly<{ does: "decide"; ids: readonly string[]; decision: Decision }>
  /** A proposal for a profile is wanted, or was agreed to. */
  | Readonly<{ does: "propose" | "save"; question: Question }>
  /** Each request of the question is asked about by itself. */
  | Readonly<{ does: "separate" }>
  /** ^C: everything that waits is denied, and the program gets it as well. */
  | Readonly<{ does: "interrupt" }>
  /** The question is done with. */
  | Readonly<{ does: "proceed" }>;

const NOTHING: Reaction = { does: "nothing" };

export function renderView(view: View, room: Room, limits: Readonly<{ seconds: number }>): Rendered {
  switch (view.kind) {
    case "question":
      return renderQuestion(view.question, room, limits);
    case "list":
      return renderList(view.question, room, view.page);
    case "proposal":
      return renderProposal(view.proposal, room);
    case "notice":
      return renderNotice(view.text, room);
  }
}

/** @param partial not all that has to be seen is: a yes is no answer then */
export function react(view: View, key: Key, partial: boolean): Reaction {
  if (key.kind === "interrupt") return { does: "interrupt" };
  switch (view.kind) {
    case "question":
      return reactToQuestion(view.question, key, partial);
    case "list":
      return isCharacter(key, "l")
        ? { does: "show", view: { ...view, page: view.page + 1 } }
        : { does: "show", view: { kind: "question", question: view.question } };
    case "proposal":
      return isCharacter(key, "y") && !partial
        ? { does: "save", question: view.question }
        : { does: "show", view: { kind: "question", question: view.question } };
    case "notice":
      return { does: "proceed" };
  }
}

function reactToQuestion(question: Question, key: Key, partial: boolean): Reaction {
  const ids = idsOf(question);
  if (key.kind === "enter" || key.kind === "end") return { does: "decide", ids, decision: { kind: "deny" } };
  const choice = choicesOf(question).find((one) => isCharacter(key, one.key));
  if (choice === undefined || (partial && !isNo(choice))) return NOTHING;
  switch (choice.does) {
    case "decide":
      return { does: "decide", ids, decision: choice.decision };
    case "propose":
      return { does: "propose", question };
    case "list":
      return { does: "show", view: { kind: "list", question, page: 0 } };
    case "separate":
      return { does: "separate" };
  }
}

function isNo(choice: Choice): boolean {
  return (
    choice.does === "decide" && (choice.decision.kind === "deny" || choice.decision.kind === "deny-session")
  );
}

function isCharacter(key: Key, character: string): boolean {
  return key.kind === "character" && key.character === character;
}
