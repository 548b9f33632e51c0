// The agents that nono has to hold.

import type { Agent } from "./agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { openclaw } from "./openclaw.ts";
import { opencode } from "./opencode.ts";

/** The slowest first: the others have their turns beside it. */
export const AGENTS: readonly Agent[] = [openclaw, opencode, claudeCode, codex];
