import { describe, expect, it } from "vitest";
import { nextTurn, resultsOf, type Script, userText } from "./turn.ts";

const script: Script = { name: "work", commands: ["echo one", "echo two"] };
const result = (id: string, content: string) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content }],
});

describe("the stand-in's next turn", () => {
  it.each(["Bash", "bash", "exec", "exec_command"])("calls the agent's own shell tool %s", (name) => {
    expect(nextTurn(script, { tools: [{ name: "Read" }, { name }], messages: [] })).toEqual({
      kind: "call",
      id: "tooluworkstep0",
      tool: name,
      command: "echo one",
    });
  });

  it("goes on by the results that the request carries, and ends with text after the last", () => {
    const tools = [{ name: "Bash" }];
    const one = [result("tooluworkstep0", "one")];
    const both = [...one, result("tooluworkstep1", "two")];
    expect(nextTurn(script, { tools, messages: one })).toMatchObject({ command: "echo two" });
    expect(nextTurn(script, { tools, messages: both })).toMatchObject({ kind: "text" });
  });

  it("does not count the results of an earlier script in a continued session", () => {
    const messages = [result("toolufirststep0", "one"), result("toolufirststep1", "two")];
    expect(nextTurn(script, { tools: [{ name: "exec" }], messages })).toMatchObject({ command: "echo one" });
  });

  it("answers a side request without a shell tool by text", () => {
    expect(nextTurn(script, { messages: [{ role: "user", content: "a title, please" }] })).toMatchObject({
      kind: "text",
    });
  });
});

it("reads results as plain text and as blocks", () => {
  const blocks = {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "tooluworkstep1", content: [{ type: "text", text: "two" }] },
      { type: "tool_result", tool_use_id: "tooluotherstep0", content: "not ours" },
    ],
  };
  expect(resultsOf(script, { messages: [result("tooluworkstep0", "one"), blocks] })).toEqual(["one", "two"]);
});

it("gives what the user said, and not what the model said", () => {
  const messages = [
    { role: "user", content: "first" },
    { role: "assistant", content: "between" },
    { role: "user", content: [{ type: "text", text: "second" }] },
  ];
  expect(userText({ messages })).toBe("first\nsecond");
});
