// What the suite can be asked for.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Agent } from "./agents/agent.ts";
import { AGENTS } from "./agents/index.ts";

export type Options = Readonly<{
  agents: readonly Agent[];
  /** Directory of nono and its companions; `undefined` for the controls alone. */
  build: string | undefined;
  /** Timed runs of each agent, bare and confined. */
  runs: number;
  minimal: boolean;
}>;

export const USAGE = `usage: npm run test:agents -- [--agent NAME]... [--bare] [--build DIR] [--runs N | --minimal]

  --agent NAME  only this one: ${AGENTS.map(({ name }) => name).join(", ")}
  --bare        only the controls; the confined half is counted as skipped
  --build DIR   where nono and its companions lie (dist)
  --runs N      timed runs of each agent, bare and confined (3); 0 for none
  --minimal     instead: work without each entry of the profile in turn; slow, needs strace`;

const DIST = fileURLToPath(new URL("../../../../dist", import.meta.url));

/** @throws Error with a line for people */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      agent: { type: "string", multiple: true, default: AGENTS.map(({ name }) => name) },
      bare: { type: "boolean", default: false },
      build: { type: "string", default: DIST },
      runs: { type: "string", default: "3" },
      minimal: { type: "boolean", default: false },
    },
  });
  const agents = values.agent.map((name) => AGENTS.find((agent) => agent.name === name) ?? unknown(name));
  if (!/^\d+$/.test(values.runs)) throw new Error(`--runs ${values.runs}: expected a whole number`);
  if (!values.bare && !existsSync(join(values.build, "nono")))
    throw new Error(`no nono in ${values.build}: run npm run build first`);
  return {
    agents,
    build: values.bare ? undefined : values.build,
    runs: Number(values.runs),
    minimal: values.minimal,
  };
}

function unknown(name: string): never {
  throw new Error(`--agent ${name}: no such agent`);
}
