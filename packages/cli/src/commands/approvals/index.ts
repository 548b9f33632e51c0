// The subcommands of nono approvals.

import { type Command, defineCommand, NO_OPERANDS } from "../../args/command.ts";
import { ALLOW_SECTIONS, APPROVALS_LIST_SECTIONS, DENY_SECTIONS, WATCH_SECTIONS } from "./options.ts";

const list = defineCommand({
  name: "list",
  summary: "what waits for an answer, in all sessions of yours",
  description: [
    "Requests of sessions that were started with --supervised. A session without a terminal lets a request wait only " +
      "while somebody watches, or has asked for this list within its --approval-timeout.",
  ],
  examples: ["nono approvals list", "nono approvals list --json"],
  operands: NO_OPERANDS,
  sections: APPROVALS_LIST_SECTIONS,
  load: async () => (await import("./list.ts")).list,
});

const watch = defineCommand({
  name: "watch",
  summary: "say what is asked for as it comes, until interrupted",
  description: ["As long as it runs, requests of sessions without a terminal wait for an answer, too."],
  examples: ["nono approvals watch"],
  operands: NO_OPERANDS,
  sections: WATCH_SECTIONS,
  load: async () => (await import("./watch.ts")).watch,
});

const allow = defineCommand({
  name: "allow",
  summary: "answer a request with yes: once, or as the options say",
  description: ["The first answer counts, wherever it is given. Exit code 1 when somebody else was first."],
  examples: ["nono approvals allow k3fa", "nono approvals allow k3fa --session"],
  operands: { usage: "ID", min: 1, max: 1, completion: "none" },
  sections: ALLOW_SECTIONS,
  load: async () => (await import("./answer.ts")).allow,
});

const deny = defineCommand({
  name: "deny",
  summary: "answer a request with no",
  description: ["The first answer counts, wherever it is given. Exit code 1 when somebody else was first."],
  examples: ["nono approvals deny k3fa", "nono approvals deny k3fa --session"],
  operands: { usage: "ID", min: 1, max: 1, completion: "none" },
  sections: DENY_SECTIONS,
  load: async () => (await import("./answer.ts")).deny,
});

export const APPROVALS_COMMANDS: readonly Command[] = [list, watch, allow, deny];
