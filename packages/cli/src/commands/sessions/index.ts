// The subcommands about sessions.

import { type Command, defineCommand, ID_OR_LATEST, NO_OPERANDS } from "../../args/command.ts";
import { INSPECT_SECTIONS, LOGS_SECTIONS, PRUNE_SECTIONS, PS_SECTIONS, STOP_SECTIONS } from "./options.ts";

const ps = defineCommand({
  name: "ps",
  summary: "list your sessions",
  description: [
    "The sessions of nono run and nono shell that run, newest first. Of one that has ended (--all), STATE is how; " +
      "`interrupted` means that nono itself was killed, or the machine stopped. nono wrap becomes its command and " +
      "is not in the list.",
  ],
  examples: ["nono ps", "nono ps --all --json"],
  operands: NO_OPERANDS,
  sections: PS_SECTIONS,
  load: async () => (await import("./ps.ts")).ps,
});

const stop = defineCommand({
  name: "stop",
  summary: "end a session, with everything it started",
  description: [
    "Sends the session's command SIGTERM. When it ends, whatever it has started is killed, its record and its last " +
      "snapshot are finished, and this command ends. ID is an id, its beginning, or a name. Exit code 1: it still runs.",
    "With --force everything is killed at once. Where nono itself does not answer, as when it was suspended, it is " +
      "killed as well: the record then shows the session as interrupted, and its last snapshot is taken here.",
  ],
  examples: ["nono stop web", "nono stop 20260216-193311-20751 --force"],
  operands: { usage: "ID", min: 1, max: 1, completion: "none" },
  sections: STOP_SECTIONS,
  load: async () => (await import("./stop.ts")).stop,
});

const inspect = defineCommand({
  name: "inspect",
  summary: "say what is known of a session",
  description: [
    "What it is, how it stands or ended, which processes it has, and where its record and its snapshots are. ID is an " +
      "id, its beginning, or a name; without it, the latest session is meant.",
  ],
  examples: ["nono inspect", "nono inspect web --json"],
  operands: ID_OR_LATEST,
  sections: INSPECT_SECTIONS,
  load: async () => (await import("./inspect.ts")).inspect,
});

const logs = defineCommand({
  name: "logs",
  summary: "write the events of a session, a line each",
  description: [
    "What its record holds (nono audit), as it comes with --follow: what was refused, asked and answered, executed, " +
      "reached and kept. ID is an id, its beginning, or a name; without it, the latest session is meant. What the " +
      "command itself writes is not recorded.",
  ],
  examples: ["nono logs web --follow", "nono logs 20260216-193311-20751 --json"],
  operands: ID_OR_LATEST,
  sections: LOGS_SECTIONS,
  load: async () => (await import("./logs.ts")).logs,
});

const prune = defineCommand({
  name: "prune",
  summary: "take sessions that have ended off the list",
  description: [
    "Removes what nono ps --all lists of sessions that do not run any more, and what killed ones left behind. Records " +
      "and snapshots stay: nono audit cleanup and nono rollback cleanup are for those.",
  ],
  examples: ["nono prune", "nono prune --older-than 30d --dry-run"],
  operands: NO_OPERANDS,
  sections: PRUNE_SECTIONS,
  load: async () => (await import("./prune.ts")).prune,
});

export const SESSION_COMMANDS: readonly Command[] = [ps, inspect, logs, stop, prune];
