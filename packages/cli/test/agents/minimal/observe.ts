// One run of an agent's work under a profile of its own, with strace around it.

import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expandPath, variablesOf } from "../../../src/policy/variables.ts";
import type { Agent } from "../agents/agent.ts";
import { type Confinement, confinedBy, type Setting } from "../drive.ts";
import { startedAs, unprivileged } from "../identity.ts";
import type { Installed } from "../install.ts";
import type { Place } from "../place.ts";
import { runToEnd } from "../process.ts";
import { inFreshPlace } from "../trial.ts";
import { doWork } from "../work.ts";
import type { Json } from "./entries.ts";
import type { Observation } from "./evidence.ts";
import { refusalsIn, straceTo } from "./trace.ts";

export type Subject = Readonly<{ agent: Agent; installed: Installed; nono: string }>;

/** What is at a path of the policy, and where it is when all links are resolved. */
export type Found = Readonly<{ kind: "file" | "directory"; real: string }>;

/** Looks at paths of the policy in a home in which the agent has worked: what it makes is there. */
export async function lookUp(
  subject: Subject,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Found>> {
  const { agent, installed, nono } = subject;
  const confinement = confinedBy(nono, () => agent.name, []);
  return inFreshPlace({ agent, installed, identity: unprivileged(), confinement }, async (setting) => {
    await doWork(setting);
    return new Map(paths.flatMap((path) => foundAt(path, setting.place)));
  });
}

/** In a fresh place, without `--allow-cwd`: what the working directory grants is an entry as well. */
export function observe({ agent, installed, nono }: Subject, profile: Json): Promise<Observation> {
  const fileIn = (place: Place) => join(place.root, "profile.json");
  const confinement = traced(confinedBy(nono, ({ place }) => fileIn(place), []));
  return inFreshPlace({ agent, installed, identity: unprivileged(), confinement }, async (setting) => {
    const { place } = setting;
    writeFileSync(fileIn(place), JSON.stringify(profile), { mode: 0o644 });
    const withheld = await withheldFrom(agent, place, [nono, "run", "--profile", fileIn(place)]);
    const checks = await doWork(setting);
    return { checks, withheld, refusals: refusalsOf(setting) };
  });
}

/** What nono would withhold of the agent's account, were all its variables set. */
async function withheldFrom(agent: Agent, place: Place, run: readonly string[]): Promise<readonly string[]> {
  const account = Object.fromEntries(agent.accountVariables.map((name) => [name, "any"]));
  const { code, stdout, stderr } = await runToEnd(
    startedAs(place.identity, [...run, "--dry-run", "--json", "--", "true"]),
    {
      cwd: place.project,
      limit: 10_000,
      environment: { HOME: place.home, PATH: "/usr/bin:/bin", ...account },
    },
  );
  if (code !== 0) throw new Error(`${run.join(" ")} --dry-run --json: ${stderr}`);
  const { withheld } = JSON.parse(stdout) as { withheld: readonly { name: string }[] };
  return withheld.map(({ name }) => name);
}

/** A file for each run, in a directory that the agent's user can write and a confined agent cannot. */
function traced(confinement: Confinement): Confinement {
  let runs = 0;
  return {
    ...confinement,
    wrap: (command, setting) => [
      ...straceTo(join(setting.place.temporary, `trace-${runs++}`)),
      ...confinement.wrap(command, setting),
    ],
  };
}

function refusalsOf({ place }: Setting): readonly string[] {
  const traces = readdirSync(place.temporary).filter((name) => name.startsWith("trace-"));
  return refusalsIn(traces.map((name) => readFileSync(join(place.temporary, name), "utf8")).join("\n"));
}

function foundAt(path: string, place: Place): readonly (readonly [string, Found])[] {
  const variables = variablesOf({
    home: place.home,
    workdir: place.project,
    tmpdir: place.temporary,
    uid: place.identity.uid,
    terminal: undefined,
    env: {},
  });
  const expansion = expandPath(path, variables);
  if (!("value" in expansion)) return [];
  const stat = statSync(expansion.value, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  return [[path, { kind: stat.isDirectory() ? "directory" : "file", real: realpathSync(expansion.value) }]];
}
