// Codex: a script that starts a native executable, configured by what stands on its command line.

import { type Agent, API_KEY } from "./agent.ts";

const SKILL = "---\nname: birds\ndescription: Names of birds\n---\nThe wren is small.\n";

export const codex: Agent = {
  name: "codex",
  alsoAsRoot: false,
  command: ({ codex }, prompt, again, standIn) => [
    codex.file,
    "exec",
    "--sandbox",
    "danger-full-access",
    ...settings(standIn).flatMap((setting) => ["-c", setting]),
    ...(again ? ["resume", "--last"] : []),
    prompt,
  ],
  // A file of them would be in the directory that it has to find or get on a first start.
  settings: () => ({}),
  instructions: ".codex/AGENTS.md",
  account: { ".codex/auth.json": "{}", ".agents/skills/birds/SKILL.md": SKILL },
  environment: () => ({ OPENAI_API_KEY: API_KEY }),
  lasting: [],
  runsLater: {
    file: ".codex/config.toml",
    open: "its settings lie among its sessions, which it has to write",
  },
  accountVariables: ["CODEX_API_KEY"],
  programFiles: ({ codex }) => [codex.directory],
};

const settings = (standIn: string): readonly string[] => [
  'model="stand-in"',
  'model_provider="standin"',
  `model_providers.standin={name="Stand-in",base_url="${standIn}/v1",wire_api="responses",env_key="OPENAI_API_KEY"}`,
  // Its shell would take PATH from files that a user has and this home has not.
  "allow_login_shell=false",
];
