// An agent as people use it: on a terminal, with a prompt that is typed.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ScreenUse } from "./agents/agent.ts";
import type { Check } from "./check.ts";
import { environmentOf, type Setting } from "./drive.ts";
import { writeAs } from "./place.ts";
import { openScreen, type Screen } from "./screen.ts";

const PROMPT = "write it down";

/** At the end nono may offer to grant what it refused; Enter grants nothing. */
const NONO_ASKS = /Enter for none:$/;

/** From the start to the end of its interface, with one command in between. */
export async function useScreen(setting: Setting): Promise<readonly Check[]> {
  setting.standIn.play({ name: "screen", commands: ["echo written > screen.txt"] });
  await using screen = await openAgent(setting);
  await sendPrompt(screen);
  const answer = await screen.until(useOf(setting).answered);
  const code = await leave(screen, setting);
  return [
    {
      title: "works and ends in its full-screen interface",
      ok: code === 0 && existsSync(join(setting.place.project, "screen.txt")),
      detail: `exit code ${code}\n${answer}`,
    },
  ];
}

/** Its interface, waiting for a prompt, in a home in which it asks nothing at the start. */
export async function openAgent(setting: Setting): Promise<Screen> {
  const { installed, place, confinement } = setting;
  const use = useOf(setting);
  for (const [path, content] of Object.entries(use.settings(place)))
    writeAs(place, join(place.home, path), content);
  const screen = await openScreen(place, confinement.wrap(use.command(installed), setting), {
    ...environmentOf(setting),
    TERM: "xterm-256color",
  });
  await screen.until(use.ready);
  return screen;
}

/** The key that sends is pressed when the text is there: sent together they count as a paste. */
export async function sendPrompt(screen: Screen): Promise<void> {
  await screen.type(PROMPT);
  await screen.until(new RegExp(PROMPT));
  await screen.press("Enter");
}

/** @returns the exit code */
export async function leave(screen: Screen, setting: Setting): Promise<number> {
  const use = useOf(setting);
  await screen.type(use.leave.text);
  await screen.until(use.leave.understood);
  await screen.press("Enter");
  return await screen.ended(NONO_ASKS);
}

export function useOf({ agent }: Setting): ScreenUse {
  if (agent.screen === undefined) throw new Error(`${agent.name} has no screen that the suite can use`);
  return agent.screen;
}
