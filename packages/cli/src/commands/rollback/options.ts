// The options of the subcommands of nono rollback.

import { plain } from "../../args/command.ts";
import { AGE, INDEX, SIZE } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";

export const ROLLBACK_LIST_SECTIONS = plain({ json: flag("answer as JSON: an array of sessions") });

export const ROLLBACK_SHOW_SECTIONS = plain({
  diff: flag("what changed in each file, line by line"),
  snapshot: one(INDEX, "what changed since snapshot NUMBER; 0, before the run, when not given"),
  snapshots: flag("its snapshots instead, one a line"),
  runsLater: flag("only what others run later, outside the sandbox: hooks, scripts, settings"),
  json: flag("answer as JSON"),
});

export const ROLLBACK_CHECKPOINT_SECTIONS = plain({ json: flag("answer as JSON") });

export const ROLLBACK_VERIFY_SECTIONS = plain({ json: flag("answer as JSON") });

export const ROLLBACK_RESTORE_SECTIONS = plain({
  snapshot: one(INDEX, "go back to snapshot NUMBER; 0, before the run, when not given"),
  all: flag("all that changed, without picking"),
  yes: flag("without asking", { short: "y" }),
  force: flag("also what was changed since the session ended"),
  dryRun: flag("say what would be done, and change nothing"),
  json: flag("answer as JSON; needs --yes or --dry-run"),
});

export const ROLLBACK_CLEANUP_SECTIONS = plain({
  keep: one(INDEX, "the newest NUMBER sessions stay, whatever else is said; alone: all others go"),
  olderThan: one(AGE, "sessions that began before that go, as in 12h, 30d or 8w"),
  size: one(SIZE, "sessions go, the oldest first, until no more than SIZE is kept, as in 500MB or 10GB"),
  dryRun: flag("say what would go, and remove nothing"),
  json: flag("answer as JSON"),
});
