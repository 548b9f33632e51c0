// What the suite has to know about an agent to start it.

import type { Installed } from "../install.ts";
import type { Place } from "../place.ts";

export type Agent = Readonly<{
  /** Also the name of its profile. */
  name: "claude-code" | "opencode" | "openclaw" | "codex";
  /** The shortest way to start it on `prompt`; `again` continues the session of the run before; `standIn` as below. */
  command: (installed: Installed, prompt: string, again: boolean, standIn: string) => readonly string[];
  /** Whether it is made for containers as well, in which everything is root. */
  alsoAsRoot: boolean;
  /** How its full-screen interface is used, where the suite can. */
  screen?: ScreenUse;
  /** The files that a user would have written for it, by path in the home; `standIn` is the model's URL. */
  settings: (place: Place, standIn: string) => Readonly<Record<string, string>>;
  /** The files that signing in and settings of all projects would leave in the home, for a second start. */
  account: Readonly<Record<string, string>>;
  /** The file in the home that holds what the user says to it in all projects. */
  instructions?: string;
  /** Variables beside those that every process has. */
  environment: (place: Place, standIn: string) => Readonly<Record<string, string>>;
  /** What has to be left after a run, for the next to be as fast or as good. */
  lasting: readonly Readonly<{ title: string; isThere: (place: Place) => boolean }>[];
  /** A file in the home that makes it run what stands in it, also where it is started bare. */
  runsLater: Readonly<{ file: string; open?: string }>;
  /** Variables that it takes keys of accounts from, beside those that the runs set. */
  accountVariables: readonly string[];
  /** What its program files need beside the file that is started: what a user would grant with `--read`. */
  programFiles: (installed: Installed) => readonly string[];
}>;

export type ScreenUse = Readonly<{
  command: (installed: Installed) => readonly string[];
  /** Further files in the home, with which it asks nothing at the start. */
  settings: (place: Place) => Readonly<Record<string, string>>;
  /** What its screen shows when it waits for a prompt, and when it has answered. */
  ready: RegExp;
  answered: RegExp;
  /** Hints that it shows for some seconds, with their colours. */
  passing: RegExp;
  /** What ends it, and what it shows when it has understood that. */
  leave: Readonly<{ text: string; understood: RegExp }>;
}>;

/** Any key will do: the stand-in asks for none. */
export const API_KEY = "sk-ant-stand-in-0123456789";
