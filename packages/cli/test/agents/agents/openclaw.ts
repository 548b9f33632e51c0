// OpenClaw: a script for Node.js 24, configured by a file in the home.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Agent, API_KEY } from "./agent.ts";

export const openclaw: Agent = {
  name: "openclaw",
  alsoAsRoot: false,
  command: ({ openclaw }, prompt) => [
    openclaw.file,
    "agent",
    "--local",
    "--session-id",
    "stand-in-session",
    "-m",
    prompt,
  ],
  settings: (place, standIn) => ({
    ".openclaw/openclaw.json": JSON.stringify({
      models: {
        providers: {
          standin: {
            baseUrl: standIn,
            apiKey: API_KEY,
            api: "anthropic-messages",
            models: [
              {
                id: "stand-in",
                name: "Stand-in",
                reasoning: false,
                input: ["text"],
                cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
                contextWindow: 200_000,
                maxTokens: 8192,
              },
            ],
          },
        },
      },
      agents: { defaults: { workspace: place.project, model: { primary: "standin/stand-in" } } },
      tools: { exec: { host: "gateway", security: "full", ask: "off" } },
    }),
  }),
  account: {},
  environment: () => ({}),
  lasting: [
    {
      title: "keeps what Node.js compiled of it",
      isThere: ({ home, temporary }) =>
        [join(home, ".cache", "openclaw"), temporary].some((directory) =>
          existsSync(join(directory, "node-compile-cache", "openclaw")),
        ),
    },
  ],
  runsLater: {
    file: ".openclaw/extensions/planted/index.ts",
    open: "its extensions lie among its sessions, which it has to write",
  },
  accountVariables: [
    "OPENCLAW_GATEWAY_TOKEN",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "GEMINI_API_KEY",
    "OPENROUTER_API_KEY",
  ],
  programFiles: ({ openclaw }) => [openclaw.directory],
};
