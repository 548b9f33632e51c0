// The agents that nono has to hold.

import type { Agent } from "./agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { openclaw } from "./openclaw.ts";
import { opencode } from "./opencode.ts";

export const AGENTS: readonly Agent[] = [claudeCode, codex, opencode, openclaw];
