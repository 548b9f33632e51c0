import { describe, expect, it } from "vitest";
import { request } from "../../../test/support/approval-requests.ts";
import type { Key } from "../../terminal/keys.ts";
import { react, type View } from "./dialog.ts";
import { nextQuestion, type Question } from "./questions.ts";

const covers = { once: "this open", file: "/d/a", directory: "/d" };
const waiting = (...paths: string[]) =>
  paths.map((path, index) => ({
    request: request({ id: `${index}`, path, covers: { ...covers, file: path } }),
    since: 0,
    deadline: 0,
  }));
const questionOf = (...paths: string[]) => nextQuestion(waiting(...paths), true) as Question;
const key = (character: string): Key => ({ kind: "character", character });
const one: View = { kind: "question", question: questionOf("/d/a") };
const many: View = { kind: "question", question: questionOf("/d/a", "/d/b", "/d/a") };

describe("a key", () => {
  it.each([
    ["n", { kind: "deny" }],
    ["d", { kind: "deny-session" }],
    ["y", { kind: "allow-once" }],
    ["s", { kind: "allow-session", scope: "file" }],
    ["S", { kind: "allow-session", scope: "directory" }],
  ])("%s decides", (character, decision) => {
    expect(react(one, key(character), false)).toEqual({ does: "decide", ids: ["0"], decision });
  });

  it("decides for all that the question is about", () => {
    expect(react(many, key("y"), false)).toMatchObject({ does: "decide", ids: ["0", "2", "1"] });
  });

  it.each([
    ["Enter", { kind: "enter" }],
    ["the end of input", { kind: "end" }],
  ] as const)("that is %s is a no", (_, pressed) => {
    expect(react(one, pressed, false)).toMatchObject({ does: "decide", decision: { kind: "deny" } });
  });

  it("that means nothing does nothing, and so do those of other questions", () => {
    for (const character of ["x", "Y", "N", " ", "l", "o"])
      expect(react(one, key(character), false)).toEqual({ does: "nothing" });
  });

  it("is no yes to what cannot be seen", () => {
    for (const character of ["y", "s", "S", "p"])
      expect(react(one, key(character), true)).toEqual({ does: "nothing" });
    expect(react(one, key("n"), true)).toMatchObject({ does: "decide" });
    const proposal: View = { kind: "proposal", question: questionOf("/d/a"), proposal: "+ x" };
    expect(react(proposal, key("y"), true)).toMatchObject({ does: "show", view: { kind: "question" } });
  });

  it("for the directory means nothing where there is none to be had", () => {
    const question = nextQuestion(
      [{ request: request({ id: "a" }), since: 0, deadline: 0 }],
      true,
    ) as Question;
    expect(react({ kind: "question", question }, key("S"), false)).toEqual({ does: "nothing" });
  });

  it("leads to the list and back", () => {
    const list = react(many, key("l"), false);
    expect(list).toMatchObject({ does: "show", view: { kind: "list", page: 0 } });
    if (list.does !== "show") throw new Error(list.does);
    expect(react(list.view, key("l"), false)).toMatchObject({ view: { page: 1 } });
    expect(react(list.view, key("y"), false)).toMatchObject({ view: { kind: "question" } });
  });

  it("separates many into one by one, in which each is asked about alone", () => {
    expect(react(many, key("o"), false)).toEqual({ does: "separate" });
    expect(nextQuestion(waiting("/d/a", "/d/b"), false)).toMatchObject({
      items: [{ ids: ["0"] }],
      others: 1,
    });
  });

  it("that is ^C interrupts whatever is shown", () => {
    for (const view of [one, many, { kind: "notice", text: "x" } as View])
      expect(react(view, { kind: "interrupt" }, false)).toEqual({ does: "interrupt" });
  });
});
