// What is done with one agent, printed as it comes.

import type { Agent } from "./agents/agent.ts";
import type { Check } from "./check.ts";
import { type Count, countOf, skipped, sum } from "./count.ts";
import { bare, type Confinement, confinedBy } from "./drive.ts";
import { type Identity, root, unprivileged } from "./identity.ts";
import type { Installed } from "./install.ts";
import type { Subject } from "./minimal/observe.ts";
import { countOfProof, type Proof, renderProof, withinGroups, withoutEach } from "./minimal/without-each.ts";
import { renderAgent, renderChecks, renderTiming } from "./report.ts";
import { canOpenScreen } from "./screen.ts";
import { type Trial, timeBoth, tryAll, tryQuestions, tryScreen } from "./trial.ts";

/** Prints the table of an agent, as each user that it can run as. */
export async function compare(
  agent: Agent,
  installed: Installed,
  confined: Confinement | undefined,
): Promise<Count> {
  const counts: Count[] = [];
  for (const identity of identitiesOf(agent)) {
    const trial = { agent, installed, identity };
    const tries = agent.screen && canOpenScreen() ? [tryAll, tryScreen] : [tryAll];
    const controls = await inTurn(tries, { ...trial, confinement: bare });
    const checks = confined && (await inTurn(tries, { ...trial, confinement: confined }));
    console.log(`${renderAgent(`${agent.name}, ${identity.name}`, controls, checks)}\n`);
    counts.push(countOf(controls), checks ? countOf(checks) : skipped(controls.length));
  }
  if (agent.alsoAsRoot && root() === undefined) {
    console.log(`${agent.name}, root: skipped, root did not start this\n`);
    counts.push(skipped(1));
  }
  if (agent.screen && !canOpenScreen()) {
    console.log(`${agent.name}, full screen: skipped, there is no tmux\n`);
    counts.push(skipped(1));
  }
  return sum(counts);
}

/** Prints how an agent fares that owns the screen when nono asks about it. */
export async function ask(agent: Agent, installed: Installed, nono: string): Promise<Count> {
  if (!agent.screen || !canOpenScreen()) return sum([]);
  const confinement = confinedBy(nono, () => agent.name, ["--supervised", "--allow-cwd"]);
  const checks = await tryQuestions({ agent, installed, identity: unprivileged(), confinement }, nono);
  console.log(`${renderChecks(`${agent.name}, asked about on its own screen`, checks)}\n`);
  return countOf(checks);
}

async function inTurn(tries: readonly ((trial: Trial) => Promise<readonly Check[]>)[], trial: Trial) {
  const checks: Check[] = [];
  for (const one of tries) checks.push(...(await one(trial)));
  return checks;
}

/** Prints what fails without each entry; an entry of the profile without which nothing does counts as failed. */
export async function proveMinimal(subject: Subject): Promise<Count> {
  const counts: Count[] = [];
  const print = async (title: string, proofs: AsyncGenerator<Proof>) => {
    console.log(title);
    for await (const proof of proofs) {
      console.log(renderProof(proof));
      counts.push(countOfProof(proof));
    }
    console.log();
  };
  await print(`${subject.agent.name}, without each entry of its profile`, withoutEach(subject));
  // The groups are those of all agents; this one is the fastest.
  if (subject.agent.name === "claude-code")
    await print("claude-code, without each entry of its groups", withinGroups(subject));
  return sum(counts);
}

export async function time(
  agent: Agent,
  installed: Installed,
  confined: Confinement,
  runs: number,
): Promise<Count> {
  if (runs === 0) return sum([]);
  const trial = { agent, installed, identity: unprivileged() };
  const times = await timeBoth({ ...trial, confinement: bare }, { ...trial, confinement: confined }, runs);
  console.log(`${renderTiming(agent.name, { bare: times.one, confined: times.other })}\n`);
  return sum([]);
}

function identitiesOf({ alsoAsRoot }: Agent): readonly Identity[] {
  const asRoot = alsoAsRoot ? root() : undefined;
  return asRoot === undefined ? [unprivileged()] : [unprivileged(), asRoot];
}
