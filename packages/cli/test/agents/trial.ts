// An agent in a fresh place, with a model and the processes that it should not reach.

import { join } from "node:path";
import type { Agent } from "./agents/agent.ts";
import type { Check } from "./check.ts";
import type { Confinement, Setting } from "./drive.ts";
import { useScreen } from "./full-screen.ts";
import type { Identity } from "./identity.ts";
import type { Installed } from "./install.ts";
import { type Outside, startOutside } from "./outside.ts";
import { makePlace, writeAs } from "./place.ts";
import { answerQuestions } from "./questions.ts";
import { attack, timeOnce } from "./session.ts";
import { startStandIn } from "./stand-in/server.ts";
import { doWork } from "./work.ts";

export type Trial = Readonly<{
  agent: Agent;
  installed: Installed;
  identity: Identity;
  confinement: Confinement;
}>;

/** The work and then the attacks. Bare, each has to succeed: the control without which a refusal proves nothing. */
export const tryAll = (trial: Trial): Promise<readonly Check[]> =>
  inFreshPlace(trial, async (setting, outside) => [
    ...(await doWork(setting)),
    ...(await attack(setting, outside)),
  ]);

/** The full-screen interface, in a home in which it asks nothing. */
export const tryScreen = (trial: Trial): Promise<readonly Check[]> => inFreshPlace(trial, useScreen);

/** The full-screen interface, with files outside that it asks for. */
export const tryQuestions = (trial: Trial, nono: string): Promise<readonly Check[]> =>
  inFreshPlace(trial, (setting) => answerQuestions(setting, nono));

/**
 * Milliseconds of `runs` plain runs of each of two trials, in turn, so that a busy moment of the machine meets both.
 * Of several the first warms up: one more is run, and not counted.
 */
export const timeBoth = (one: Trial, other: Trial, runs: number) =>
  inFreshPlace(one, (first) =>
    inFreshPlace(other, async (second) => {
      const times: [number, number][] = [];
      for (let run = runs > 1 ? 0 : 1; run <= runs; run++)
        times.push([await timeOnce(first, `time${run}`), await timeOnce(second, `time${run}`)]);
      const counted = times.slice(-runs);
      return { one: counted.map(([time]) => time), other: counted.map(([, time]) => time) };
    }),
  );

/** The place is gone when `use` is done. */
export async function inFreshPlace<T>(
  trial: Trial,
  use: (setting: Setting, outside: Outside) => Promise<T>,
): Promise<T> {
  const { identity, ...rest } = trial;
  using place = makePlace(identity, rest.installed.node24.file);
  await using standIn = await startStandIn();
  await using outside = await startOutside(place);
  const settings = Object.entries(trial.agent.settings(place, standIn.url));
  for (const [path, content] of settings) writeAs(place, join(place.home, path), content);
  return await use({ ...rest, place, standIn }, outside);
}
