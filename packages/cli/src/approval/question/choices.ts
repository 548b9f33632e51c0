// What can be answered: one key each, the same everywhere, and only where it means something.

import type { Decision } from "../request.ts";
import { directoryOfQuestion, type Question } from "./questions.ts";

export type Choice = Readonly<{
  key: string;
  /** In a list, and where there is little room. `DIR` stands for the directory. */
  text: string;
  brief: string;
}> &
  (
    | Readonly<{ does: "decide"; decision: Decision }>
    /** What would be written to a profile is shown first. */
    | Readonly<{ does: "propose" | "list" | "separate" }>
  );

const DENY = { does: "decide", decision: { kind: "deny" } } as const;

/** For one request. */
const FOR_ONE: readonly Choice[] = [
  { key: "n", text: "deny (Enter as well)", brief: "deny", ...DENY },
  {
    key: "d",
    text: "deny for this session",
    brief: "deny session",
    does: "decide",
    decision: { kind: "deny-session" },
  },
  { key: "y", text: "allow once", brief: "once", does: "decide", decision: { kind: "allow-once" } },
  {
    key: "s",
    text: "allow this file for this session",
    brief: "file",
    does: "decide",
    decision: { kind: "allow-session", scope: "file" },
  },
  {
    key: "S",
    text: "allow all in DIR for this session",
    brief: "directory",
    does: "decide",
    decision: { kind: "allow-session", scope: "directory" },
  },
  { key: "p", text: "add it to my profile (shows what is written)", brief: "profile", does: "propose" },
];

const FOR_MANY: Readonly<Record<string, Pick<Choice, "text">>> = {
  n: { text: "deny all of them (Enter as well)" },
  d: { text: "deny them for this session" },
  y: { text: "allow each of them once" },
  s: { text: "allow these files for this session" },
  p: { text: "add them to my profile (shows what is written)" },
};

const ONLY_FOR_MANY: readonly Choice[] = [
  { key: "l", text: "list them all", brief: "list", does: "list" },
  { key: "o", text: "ask about each one", brief: "each", does: "separate" },
];

export function choicesOf(question: Question): readonly Choice[] {
  const withDirectory = directoryOfQuestion(question) !== undefined;
  const possible = FOR_ONE.filter(({ key }) => key !== "S" || withDirectory);
  if (question.items.length === 1) return possible;
  return [...possible.map((choice) => ({ ...choice, ...FOR_MANY[choice.key] })), ...ONLY_FOR_MANY];
}
