import { expect, it } from "vitest";
import { startStandIn } from "./server.ts";

const post = (url: string, body: object) => fetch(url, { method: "POST", body: JSON.stringify(body) });
const dataOf = (events: string) =>
  [...events.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string));

it("streams a tool call as the events of the messages API", async () => {
  await using standIn = await startStandIn();
  standIn.play({ name: "one", commands: ["echo one"] });
  const response = await post(`${standIn.url}/v1/messages`, {
    stream: true,
    tools: [{ name: "Bash" }],
    messages: [],
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = dataOf(await response.text());
  expect(events.map(({ type }) => type)).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(events[1].content_block).toMatchObject({ type: "tool_use", name: "Bash" });
  expect(JSON.parse(events[2].delta.partial_json)).toMatchObject({ command: "echo one" });
  expect(events[4].delta.stop_reason).toBe("tool_use");
});

it("records what the agent saw, and forgets it with the next script", async () => {
  await using standIn = await startStandIn();
  standIn.play({ name: "one", commands: ["echo one"] });
  await post(`${standIn.url}/v1/messages`, {
    tools: [{ name: "Bash" }],
    messages: [
      { role: "user", content: "do it" },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "tooluonestep0", content: "one" }] },
    ],
  });
  expect(standIn.seen()).toMatchObject({ results: ["one"], requests: ["POST /v1/messages"] });
  expect(standIn.seen().conversation).toContain("do it");
  standIn.play({ name: "two", commands: [] });
  expect(standIn.seen()).toEqual({ results: [], conversation: "", system: "", requests: [] });
});

it("leaves the record of the conversation alone at a side request", async () => {
  await using standIn = await startStandIn();
  standIn.play({ name: "one", commands: ["echo one"] });
  await post(`${standIn.url}/v1/messages`, {
    tools: [{ name: "Bash" }],
    messages: [{ role: "user", content: "do it" }],
  });
  const side = await post(`${standIn.url}/v1/messages`, { messages: [{ role: "user", content: "a title" }] });
  expect(await side.json()).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text" }] });
  expect(standIn.seen().conversation).toBe("do it");
});

it("counts tokens, lists no models, and refuses what it does not speak", async () => {
  await using standIn = await startStandIn();
  expect(await (await post(`${standIn.url}/v1/messages/count_tokens`, {})).json()).toEqual({
    input_tokens: 100,
  });
  expect(await (await fetch(`${standIn.url}/v1/models`)).json()).toMatchObject({ data: [] });
  expect((await fetch(standIn.url, { method: "HEAD" })).status).toBe(200);
  expect((await post(`${standIn.url}/v1/complete`, {})).status).toBe(404);
  expect((await post(`${standIn.url}/v1/messages`, {})).status).toBe(200);
});

it("speaks the responses API as well", async () => {
  await using standIn = await startStandIn();
  standIn.play({ name: "one", commands: ["echo one", "echo two"] });
  const said = (text: string) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
  const response = await post(`${standIn.url}/v1/responses`, {
    instructions: "be brief",
    tools: [{ type: "function", name: "exec_command" }, { type: "web_search" }],
    input: [
      said("do it"),
      { type: "function_call", call_id: "tooluonestep0", name: "exec_command", arguments: "{}" },
      { type: "function_call_output", call_id: "tooluonestep0", output: "one" },
    ],
  });
  const [created, done, completed] = dataOf(await response.text());
  expect([created.type, completed.type]).toEqual(["response.created", "response.completed"]);
  expect(done.item).toMatchObject({ type: "function_call", call_id: "tooluonestep1", name: "exec_command" });
  expect(JSON.parse(done.item.arguments)).toMatchObject({ cmd: "echo two" });
  expect(standIn.seen()).toMatchObject({ results: ["one"], conversation: "do it\n", system: "be brief" });
});
