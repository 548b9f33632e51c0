// The options of nono ps, stop, inspect, logs and prune.

import { plain } from "../../args/command.ts";
import { AGE, INDEX, SECONDS } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";

export const PS_SECTIONS = plain({
  all: flag("also sessions that have ended"),
  json: flag("answer as JSON: an array of sessions, newest first"),
});

export const STOP_SECTIONS = plain({
  force: flag("kill all of it at once, without asking it"),
  timeout: one(SECONDS, "wait so long for it to end, instead of 10"),
});

export const INSPECT_SECTIONS = plain({
  json: flag("answer as JSON: as in nono ps --json, and its processes"),
});

export const LOGS_SECTIONS = plain({
  follow: flag("go on until the session has ended", { short: "f" }),
  json: flag("write each event as JSON, one a line"),
});

export const PRUNE_SECTIONS = plain({
  keep: one(INDEX, "the newest NUMBER sessions stay"),
  olderThan: one(AGE, "only sessions that began before that, as in 12h, 30d or 8w"),
  dryRun: flag("say what would go, and remove nothing"),
  json: flag("answer as JSON"),
});
