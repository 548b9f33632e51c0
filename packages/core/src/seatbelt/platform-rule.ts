// Rules of the caller's own, as they were written. Each has to be one rule: an expression that closes too early, or a
// form that does something else, would change what stands around it.

import { NonoError } from "../error.ts";
import type { RawRule } from "./rule.ts";

/** A string, an opening or closing parenthesis, a comment or a word. */
const TOKEN = /#?"(?:\\[\s\S]|[^"\\])*"|[()]|;[^\n]*|[^\s()";]+|"/g;

const ACTIONS = ["allow", "deny"];

/** What stands in every profile, and is not for a rule to change. */
const DEFAULT = "default";

/** @throws NonoError `platform-rule` */
export function rawRule(text: string): RawRule {
  const problem = problemOf(text);
  if (problem !== undefined) throw new NonoError({ code: "platform-rule", rule: text, reason: problem });
  return { text };
}

/** Whether a rule could open something. */
export function isAllowance({ text }: RawRule): boolean {
  return wordsOf(text)[1] !== "deny";
}

function problemOf(text: string): string | undefined {
  if (text.includes("\0")) return "it holds a NUL byte";
  const words = wordsOf(text);
  const [open, action, operation] = words;
  if (open !== "(" || action === undefined || !ACTIONS.includes(action))
    return "it is not of the form (allow OPERATION ...) or (deny OPERATION ...)";
  if (operation === undefined || !/^[a-z(]/.test(operation)) return "it names no operation";
  if (words.includes(DEFAULT)) return "the default is to deny, and stays that";
  if (words.includes('"')) return "a string in it has no end";
  if (words.some((word) => word.startsWith(";"))) return "it holds a comment";
  if (words.some(isAmbiguous)) return "it holds a backslash that Scheme may read in another way";
  return depthProblem(words);
}

/** Outside of a string a backslash begins a character (`#\\(`); in `#"..."` it is none that keeps the string open. */
function isAmbiguous(word: string): boolean {
  if (word.startsWith('#"')) return word.slice(0, -1).includes('\\"');
  return !word.startsWith('"') && word.includes("\\");
}

/** One expression: the outermost parenthesis is closed by the last word. */
function depthProblem(words: readonly string[]): string | undefined {
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === "(") depth++;
    if (word === ")") depth--;
    if (depth <= 0 && index < words.length - 1) return "something stands behind it";
  }
  return depth === 0 ? undefined : "a parenthesis in it is not closed";
}

function wordsOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}
