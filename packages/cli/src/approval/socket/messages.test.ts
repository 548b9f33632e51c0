import { expect, it } from "vitest";
import { decisionIn, idIn } from "./messages.ts";

const message = { do: "answer-request", key: "k" };

it("is answered with what there is to decide, and with nothing that is not part of it", () => {
  const decision = { kind: "allow-session", scope: "file", by: { who: "terminal" } };
  expect(decisionIn({ ...message, decision })).toEqual({ kind: "allow-session", scope: "file" });
  expect(idIn({ ...message, id: "a" })).toBe("a");
});

it.each([
  undefined,
  null,
  "deny",
  {},
  { kind: "allow-session" },
  { kind: "constructor" },
  [{ kind: "deny" }],
])("is not answered with %j", (decision) => {
  expect(() => decisionIn({ ...message, decision })).toThrow(TypeError);
});

it("names a request in letters", () => {
  expect(() => idIn({ ...message, id: 7 })).toThrow(TypeError);
  expect(() => idIn(message)).toThrow(TypeError);
});
