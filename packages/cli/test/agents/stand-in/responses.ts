// OpenAI's responses API, which Codex speaks, in the words of the other: requests as if they had come to Anthropic's,
// turns as its server-sent events.
// Source: https://platform.openai.com/docs/api-reference/responses and …/responses-streaming.

import type { MessagesRequest, Turn } from "./turn.ts";

type ResponsesRequest = Readonly<{
  model?: string;
  instructions?: string;
  tools?: readonly Readonly<{ type: string; name?: string }>[];
  input?: readonly Item[];
}>;

type Item =
  | Readonly<{ type: "message"; role: string; content: string | readonly Readonly<{ text?: string }>[] }>
  | Readonly<{
      type: "function_call_output";
      call_id: string;
      output: string | readonly Readonly<{ text?: string }>[];
    }>
  | Readonly<{ type: "function_call" | "reasoning" }>;

export function asMessagesRequest(request: ResponsesRequest): MessagesRequest {
  return {
    ...(request.model && { model: request.model }),
    stream: true,
    tools: (request.tools ?? []).flatMap(({ name }) => (name === undefined ? [] : { name })),
    system: request.instructions ?? "",
    messages: (request.input ?? []).flatMap(asMessage),
  };
}

function asMessage(item: Item): NonNullable<MessagesRequest["messages"]> {
  switch (item.type) {
    case "message":
      return [{ role: item.role, content: blocks(item.content) }];
    case "function_call_output": {
      const result = { type: "tool_result", tool_use_id: item.call_id, content: blocks(item.output) };
      return [{ role: "user", content: [result] }];
    }
    default:
      return [];
  }
}

const blocks = (content: string | readonly Readonly<{ text?: string }>[]) =>
  typeof content === "string" ? content : content.map(({ text = "" }) => ({ type: "text", text }));

/** The body of the event stream. */
export function responseEventsOf(turn: Turn): string {
  const response = { id: "resp_standin", usage: USAGE };
  return [
    { type: "response.created", response: { id: response.id } },
    { type: "response.output_item.done", output_index: 0, item: itemOf(turn) },
    { type: "response.completed", response },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

function itemOf(turn: Turn): object {
  if (turn.kind === "text")
    return {
      type: "message",
      id: "msg_standin",
      role: "assistant",
      content: [{ type: "output_text", text: turn.text, annotations: [] }],
    };
  // Until then the command is waited for: longer than any of them takes.
  const words = { cmd: turn.command, yield_time_ms: 30_000 };
  return {
    type: "function_call",
    id: `fc_${turn.id}`,
    call_id: turn.id,
    name: turn.tool,
    arguments: JSON.stringify(words),
  };
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: null,
  output_tokens: 10,
  output_tokens_details: null,
  total_tokens: 110,
};
