// Starts an agent on a script of the stand-in, bare or confined, and says what came of it.

import { delimiter } from "node:path";
import type { Agent } from "./agents/agent.ts";
import { startedAs } from "./identity.ts";
import type { Installed } from "./install.ts";
import type { Place } from "./place.ts";
import { type Outcome, runToEnd } from "./process.ts";
import type { Seen, StandIn } from "./stand-in/server.ts";
import type { Script } from "./stand-in/turn.ts";

export type Setting = Readonly<{
  agent: Agent;
  installed: Installed;
  place: Place;
  standIn: StandIn;
  confinement: Confinement;
}>;

/** How a command is started: as it is, or behind `nono run`. */
export type Confinement = Readonly<{
  name: "bare" | "confined";
  wrap: (command: readonly string[], setting: Setting) => readonly string[];
}>;

export const bare: Confinement = { name: "bare", wrap: (command) => command };

/** Behind `nono run`, with a profile's name or file and further flags. */
export const confinedBy = (
  nono: string,
  profileOf: (setting: Setting) => string,
  flags: readonly string[],
): Confinement => ({
  name: "confined",
  wrap: (command, setting) => [
    nono,
    "run",
    "--profile",
    profileOf(setting),
    ...flags,
    ...setting.agent.programFiles(setting.installed).flatMap((directory) => ["--read", directory]),
    "--",
    ...command,
  ],
});

/** What a run must not take longer than, in milliseconds: several times what the slowest agent needs. */
const LIMIT = 300_000;

/** Lets the agent work through `script` after `prompt`. `again` continues its last session. */
export async function drive(
  setting: Setting,
  script: Script,
  prompt: string,
  again = false,
): Promise<Outcome & Seen> {
  const { agent, installed, place, standIn, confinement } = setting;
  standIn.play(script);
  const command = confinement.wrap(agent.command(installed, prompt, again, standIn.url), setting);
  const outcome = await runToEnd(startedAs(place.identity, command), {
    cwd: place.project,
    limit: LIMIT,
    environment: environmentOf(setting),
  });
  return { ...outcome, ...standIn.seen() };
}

/** What a shell of the user would start the agent with. */
export function environmentOf({ agent, place, standIn }: Setting): Readonly<Record<string, string>> {
  return {
    HOME: place.home,
    USER: place.identity.uid === 0 ? "root" : "tester",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TERM: "dumb",
    TMPDIR: place.temporary,
    PATH: [...place.programs, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    ...agent.environment(place, standIn.url),
  };
}
