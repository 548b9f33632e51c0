// Drives the real agents, bare and under `nono run`, against a model on loopback, and reports what they could do.

import { availableParallelism } from "node:os";
import type { Agent } from "./agents/agent.ts";
import { copyBuild } from "./built.ts";
import { type Count, failure, renderCount, sum } from "./count.ts";
import { confinedBy } from "./drive.ts";
import { defaultCache, installAgents } from "./install.ts";
import { type Options, optionsOf, USAGE } from "./options.ts";
import { ask, compare, proveMinimal, time } from "./suite.ts";

async function run({ agents, build, runs, minimal }: Options): Promise<number> {
  const installed = installAgents(defaultCache(process.env));
  using copy = build === undefined ? undefined : copyBuild(build);
  const confined = copy && confinedBy(copy.nono, ({ agent }) => agent.name, ["--allow-cwd"]);
  const counts: Count[] = [];
  const tally = async (agent: Agent, part: () => Promise<Count>) => counts.push(await counted(agent, part));
  if (copy && minimal) {
    for (const agent of agents) await tally(agent, () => proveMinimal({ agent, installed, nono: copy.nono }));
  } else {
    await inLanes(agents, async (agent) => {
      await tally(agent, () => compare(agent, installed, confined));
      if (copy) await tally(agent, () => ask(agent, installed, copy.nono));
    });
    // By itself: what runs beside it would be in the time.
    if (confined)
      for (const agent of agents) await tally(agent, () => time(agent, installed, confined, runs));
  }
  const count = sum(counts);
  console.log(renderCount(count));
  return count.failed === 0 ? 0 : 1;
}

/** Does something with each agent, with as many at once as there are processors: each keeps one busy. */
async function inLanes(agents: readonly Agent[], work: (agent: Agent) => Promise<void>): Promise<void> {
  const left = [...agents];
  const lane = async () => {
    for (let agent = left.shift(); agent !== undefined; agent = left.shift()) await work(agent);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

/** What could not be brought to an end is one failure, and the other agents still have their turn. */
async function counted(agent: Agent, part: () => Promise<Count>): Promise<Count> {
  try {
    return await part();
  } catch (error) {
    console.log(`${agent.name}: ${(error as Error).message}\n`);
    return failure(1);
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await run(optionsOf(args));
  } catch (error) {
    console.error(`test:agents: ${(error as Error).message}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
