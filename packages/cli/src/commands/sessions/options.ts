// The options of nono ps, stop, inspect, logs and prune.

import { AGE, INDEX, SECONDS } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";

export const PS_SECTIONS = [
  {
    title: "Options",
    options: {
      all: flag("also sessions that have ended"),
      json: flag("answer as JSON: an array of sessions, newest first"),
    },
  },
] as const;

export const STOP_SECTIONS = [
  {
    title: "Options",
    options: {
      force: flag("kill all of it at once, without asking it"),
      timeout: one(SECONDS, "wait so long for it to end, instead of 10"),
    },
  },
] as const;

export const INSPECT_SECTIONS = [
  { title: "Options", options: { json: flag("answer as JSON: as in nono ps --json, and its processes") } },
] as const;

export const LOGS_SECTIONS = [
  {
    title: "Options",
    options: {
      follow: flag("go on until the session has ended", { short: "f" }),
      json: flag("write each event as JSON, one a line"),
    },
  },
] as const;

export const PRUNE_SECTIONS = [
  {
    title: "Options",
    options: {
      keep: one(INDEX, "the newest NUMBER sessions stay"),
      olderThan: one(AGE, "only sessions that began before that, as in 12h, 30d or 8w"),
      dryRun: flag("say what would go, and remove nothing"),
      json: flag("answer as JSON"),
    },
  },
] as const;
