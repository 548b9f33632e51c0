// Claude Code: a native executable, configured by environment variables alone.

import { type Agent, API_KEY } from "./agent.ts";

export const claudeCode: Agent = {
  name: "claude-code",
  alsoAsRoot: true,
  command: ({ claude }, prompt, again) => [
    claude.file,
    ...(again ? ["--continue"] : []),
    "-p",
    prompt,
    "--dangerously-skip-permissions",
  ],
  screen: {
    command: ({ claude }) => [claude.file, "--dangerously-skip-permissions"],
    settings: ({ project }) => ({
      ".claude.json": JSON.stringify({
        hasCompletedOnboarding: true,
        theme: "dark",
        customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
        bypassPermissionsModeAccepted: true,
        projects: { [project]: { hasTrustDialogAccepted: true } },
      }),
    }),
    ready: /bypass permissions on/,
    answered: /● Done\./,
    passing: /^\S* +\S*◐ \w+ · \/effort.*$|\S* · ← for agents.*$/gm,
    leave: { text: "/exit", understood: /Exit the CLI/ },
  },
  settings: () => ({}),
  instructions: ".claude/CLAUDE.md",
  account: { ".claude/.credentials.json": "{}" },
  environment: ({ identity }, standIn) => ({
    ANTHROPIC_BASE_URL: standIn,
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    // As root it skips permissions only where it is told that a sandbox is around it.
    ...(identity.uid === 0 ? { IS_SANDBOX: "1" } : {}),
  }),
  lasting: [],
  runsLater: {
    file: ".claude/settings.json",
    open: "its settings lie among its sessions, which it has to write",
  },
  accountVariables: ["ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
  programFiles: () => [],
};
