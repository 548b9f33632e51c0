// Agents that have a profile, and which of them are installed. Nothing of them is started.

import { accessSync, constants, statSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { resolvePath } from "nono-ts/internal";

type Agent = Readonly<{ name: string; command: string; profile: string; arguments?: string }>;

const AGENTS: readonly Agent[] = [
  { name: "Claude Code", command: "claude", profile: "claude-code" },
  { name: "OpenCode", command: "opencode", profile: "opencode" },
  { name: "OpenClaw", command: "openclaw", profile: "openclaw", arguments: "gateway" },
  // Of two sandboxes one is too many.
  { name: "Codex", command: "codex", profile: "codex", arguments: "--sandbox danger-full-access" },
];

export type FoundAgent = Readonly<{
  name: string;
  profile: string;
  executable: string;
  /** The line that starts it. */
  start: string;
}>;

/** @param path as PATH has it; what is not absolute in it is passed over */
export function agentsIn(path: string): readonly FoundAgent[] {
  const directories = path.split(":").filter((directory) => directory.startsWith("/"));
  return AGENTS.flatMap(({ name, command, profile, arguments: more }) => {
    const executable = directories.map((directory) => resolvePath(directory, command)).find(isExecutable);
    if (executable === undefined) return [];
    const words = [
      "nono run --profile",
      profile,
      "--allow-cwd --",
      command,
      ...(more === undefined ? [] : [more]),
    ];
    return [{ name, profile, executable, start: words.join(" ") }];
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(bytesOf(file), constants.X_OK);
    return statSync(bytesOf(file)).isFile();
  } catch {
    return false;
  }
}
