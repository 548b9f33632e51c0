// One statement about a run, and whether it held.

import type { Outcome } from "./process.ts";
import type { Seen } from "./stand-in/server.ts";

export type Check = Readonly<{
  title: string;
  ok: boolean;
  /** What the agent saw, for people who have to find out why not. */
  detail: string | undefined;
  /** For people who read that it held. */
  note?: string;
}>;

/** The run ended by itself with 0, after every command of its script. */
export function ended(title: string, run: Outcome & Seen, commands: number): Check {
  return {
    title,
    ok: run.code === 0 && run.results.length === commands,
    detail: `exit code ${run.code ?? "none: killed"}, ${run.results.length} of ${commands} commands\n${run.stderr}`,
  };
}
