// A turn in the two forms of Anthropic's messages API: one JSON document, or server-sent events.

import type { Turn } from "./turn.ts";

const USAGE = {
  input_tokens: 100,
  output_tokens: 10,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/** The whole answer, for a request without `stream`. */
export function messageOf(turn: Turn, model: string): object {
  return {
    id: "msg_standin",
    type: "message",
    role: "assistant",
    model,
    content: [
      turn.kind === "text"
        ? { type: "text", text: turn.text }
        : { type: "tool_use", id: turn.id, name: turn.tool, input: argumentsOf(turn) },
    ],
    stop_reason: stopReasonOf(turn),
    stop_sequence: null,
    usage: USAGE,
  };
}

/** The body of the event stream. */
export function eventsOf(turn: Turn, model: string): string {
  const message = { ...messageOf(turn, model), content: [], stop_reason: null };
  const [block, delta] =
    turn.kind === "text"
      ? [
          { type: "text", text: "" },
          { type: "text_delta", text: turn.text },
        ]
      : [
          { type: "tool_use", id: turn.id, name: turn.tool, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(argumentsOf(turn)) },
        ];
  return [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: stopReasonOf(turn), stop_sequence: null }, usage: USAGE },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

const stopReasonOf = (turn: Turn) => (turn.kind === "text" ? "end_turn" : "tool_use");

/** `description` is required by some of the agents' shell tools and ignored by the others. */
const argumentsOf = (turn: Extract<Turn, { kind: "call" }>) => ({
  command: turn.command,
  description: "next step of the script",
});
