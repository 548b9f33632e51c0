// The subcommands of nono rollback.

import { type Command, defineCommand, ID_OR_LATEST, NO_OPERANDS } from "../../args/command.ts";
import {
  ROLLBACK_CHECKPOINT_SECTIONS,
  ROLLBACK_CLEANUP_SECTIONS,
  ROLLBACK_LIST_SECTIONS,
  ROLLBACK_RESTORE_SECTIONS,
  ROLLBACK_SHOW_SECTIONS,
  ROLLBACK_VERIFY_SECTIONS,
} from "./options.ts";

const list = defineCommand({
  name: "list",
  summary: "the sessions that can be looked at and undone, newest first",
  description: ["Those that were started with --rollback."],
  examples: ["nono rollback list", "nono rollback list --json"],
  operands: NO_OPERANDS,
  sections: ROLLBACK_LIST_SECTIONS,
  load: async () => (await import("./list.ts")).list,
});

const show = defineCommand({
  name: "show",
  summary: "what a session changed: a tree, or line by line",
  description: [
    "ID is a session's id or the beginning of it; without one the latest is meant. A for added, D for deleted, M for " +
      "modified, T for another type, m for another mode, L for another link.",
  ],
  examples: ["nono rollback show", "nono rollback show 20260216-193311-20751 --diff src"],
  operands: { usage: "[ID] [PATH...]", min: 0, max: Infinity, completion: "file" },
  sections: ROLLBACK_SHOW_SECTIONS,
  load: async () => (await import("./show.ts")).show,
});

const verify = defineCommand({
  name: "verify",
  summary: "read all that is kept of a session, and compute everything again",
  description: ["Contents, lists and Merkle roots. Exit code 1: something is not what was taken."],
  examples: ["nono rollback verify 20260216-193311-20751"],
  operands: ID_OR_LATEST,
  sections: ROLLBACK_VERIFY_SECTIONS,
  load: async () => (await import("./verify.ts")).verify,
});

const restore = defineCommand({
  name: "restore",
  summary: "take back what a session did, all of it or what is picked",
  description: [
    "What was changed after the session ended is left alone, and said. The state before a restore is kept, so that it " +
      "can be undone. Exit code 1: something was left alone.",
  ],
  examples: [
    "nono rollback restore",
    "nono rollback restore src/main.c",
    "nono rollback restore 20260216-193311-20751 --all --yes",
  ],
  operands: { usage: "[ID] [PATH...]", min: 0, max: Infinity, completion: "file" },
  sections: ROLLBACK_RESTORE_SECTIONS,
  load: async () => (await import("./restore.ts")).restore,
});

const checkpoint = defineCommand({
  name: "checkpoint",
  summary: "take a snapshot of a session that runs, to go back to",
  description: [
    "From another terminal. ID is the session's id, the beginning of it, or its --name; it can be left out where only " +
      "one session runs with --rollback.",
  ],
  examples: ["nono rollback checkpoint", "nono rollback checkpoint 20260216-193311-20751"],
  operands: ID_OR_LATEST,
  sections: ROLLBACK_CHECKPOINT_SECTIONS,
  load: async () => (await import("./checkpoint.ts")).checkpoint,
});

const cleanup = defineCommand({
  name: "cleanup",
  summary: "remove sessions, and what only they need",
  description: [
    "Without options: sessions older than 30 days, but never the 10 newest. Sessions that run are left.",
  ],
  examples: ["nono rollback cleanup --dry-run", "nono rollback cleanup --keep 5 --older-than 7d --size 2GB"],
  operands: NO_OPERANDS,
  sections: ROLLBACK_CLEANUP_SECTIONS,
  load: async () => (await import("./cleanup.ts")).cleanup,
});

export const ROLLBACK_COMMANDS: readonly Command[] = [list, show, restore, checkpoint, verify, cleanup];
