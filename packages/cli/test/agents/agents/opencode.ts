// OpenCode: a native executable, configured by a file in the project first, and by one in the home later.

import { type Agent, API_KEY } from "./agent.ts";

export const opencode: Agent = {
  name: "opencode",
  alsoAsRoot: false,
  command: ({ opencode }, prompt, again) => [opencode.file, "run", ...(again ? ["--continue"] : []), prompt],
  settings: (_place, standIn) => ({
    "src/project/opencode.json": JSON.stringify({
      $schema: "https://opencode.ai/config.json",
      provider: { anthropic: { options: { baseURL: `${standIn}/v1`, apiKey: API_KEY } } },
      model: "anthropic/claude-sonnet-4-5",
      permission: { bash: "allow", edit: "allow", external_directory: "allow" },
      autoupdate: false,
      share: "disabled",
    }),
  }),
  instructions: ".config/opencode/AGENTS.md",
  account: { ".local/share/opencode/auth.json": "{}", ".config/opencode/opencode.json": "{}" },
  // It would fetch its list of models, and plugins from npm: the runs are without a network.
  environment: () => ({ OPENCODE_DISABLE_MODELS_FETCH: "1", npm_config_offline: "true" }),
  lasting: [],
  runsLater: { file: ".config/opencode/plugin/planted.js" },
  accountVariables: [
    "OPENCODE_API_KEY",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_GENERATIVE_AI_API_KEY",
    "OPENROUTER_API_KEY",
    "GROQ_API_KEY",
    "MISTRAL_API_KEY",
    "DEEPSEEK_API_KEY",
    "XAI_API_KEY",
  ],
  programFiles: () => [],
};
