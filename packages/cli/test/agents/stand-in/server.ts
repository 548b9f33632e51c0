// A model on loopback: answers each turn of an agent with the next command of a script, and records what it saw.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { eventsOf, messageOf } from "./answer.ts";
import { asMessagesRequest, responseEventsOf } from "./responses.ts";
import {
  type MessagesRequest,
  nextTurn,
  resultsOf,
  type Script,
  shellToolOf,
  systemText,
  type Turn,
  userText,
} from "./turn.ts";

/** What an agent sent while a script ran. */
export type Seen = Readonly<{
  /** What the agent saw of each command, in the script's order; shorter where it never got that far. */
  results: readonly string[];
  /** All that the user said in the conversation; holds an earlier prompt only where a session was continued. */
  conversation: string;
  /** What the agent said to the model by itself. */
  system: string;
  /** Method and path of every request. */
  requests: readonly string[];
}>;

export type StandIn = AsyncDisposable &
  Readonly<{
    /** `http://127.0.0.1:PORT`, without a slash at the end. */
    url: string;
    /** Starts a script; what was recorded of an earlier one is gone. */
    play: (script: Script) => void;
    seen: () => Seen;
  }>;

type Reply = Readonly<{ status: number; type: "application/json" | "text/event-stream"; body: string }>;

export async function startStandIn(): Promise<StandIn> {
  let script: Script = { name: "none", commands: [] };
  let seen = NOTHING;

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://stand-in").pathname;
    const body = await bodyOf(request);
    seen = { ...seen, requests: [...seen.requests, `${request.method} ${path}`] };
    const speech = request.method === "POST" ? speechAt(path) : undefined;
    const messages = speech?.request(JSON.parse(body));
    if (messages !== undefined && shellToolOf(messages) !== undefined)
      seen = {
        ...seen,
        results: resultsOf(script, messages),
        conversation: userText(messages),
        system: systemText(messages),
      };
    const reply =
      speech && messages
        ? speech.reply(nextTurn(script, messages), messages)
        : sideReply(request.method, path);
    response.writeHead(reply.status, { "content-type": reply.type }).end(reply.body);
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play: (next) => {
      script = next;
      seen = NOTHING;
    },
    seen: () => seen,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const NOTHING: Seen = { results: [], conversation: "", system: "", requests: [] };

/** An API that an agent may speak. */
type Speech = Readonly<{
  request: (body: object) => MessagesRequest;
  reply: (turn: Turn, request: MessagesRequest) => Reply;
}>;

const messagesApi: Speech = {
  request: (body) => body,
  reply: (turn, { model = "stand-in", stream }) =>
    stream === true ? events(eventsOf(turn, model)) : json(200, messageOf(turn, model)),
};

const responsesApi: Speech = {
  request: asMessagesRequest,
  reply: (turn) => events(responseEventsOf(turn)),
};

function speechAt(path: string): Speech | undefined {
  if (path.endsWith("/messages")) return messagesApi;
  return path.endsWith("/responses") ? responsesApi : undefined;
}

const events = (body: string): Reply => ({ status: 200, type: "text/event-stream", body });

/** What agents ask for beside turns: is it there, which models, how many tokens. */
function sideReply(method: string | undefined, path: string): Reply {
  if (method === "HEAD") return { status: 200, type: "application/json", body: "" };
  if (method === "GET" && path.endsWith("/models")) return json(200, { data: [], has_more: false });
  if (method === "POST" && path.endsWith("/messages/count_tokens")) return json(200, { input_tokens: 100 });
  return json(404, {
    type: "error",
    error: { type: "not_found_error", message: "not part of the stand-in" },
  });
}

const json = (status: number, body: object): Reply => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
