// The subcommands of nono profile.

import { type Command, defineCommand, NO_OPERANDS } from "../../args/command.ts";
import { INIT_SECTIONS, JSON_SECTIONS, LIST_SECTIONS, SCHEMA_SECTIONS } from "./options.ts";

const list = defineCommand({
  name: "list",
  summary: "the built-in profiles and yours",
  description: ["Yours are the files PROFILE.json in $XDG_CONFIG_HOME/nono/profiles."],
  examples: ["nono profile list"],
  operands: NO_OPERANDS,
  sections: LIST_SECTIONS,
  load: async () => (await import("./list.ts")).list,
});

const show = defineCommand({
  name: "show",
  summary: "what a profile grants, with all it extends and includes",
  description: [],
  examples: ["nono profile show claude-code"],
  operands: { usage: "PROFILE", min: 1, max: 1, completion: "profile" },
  sections: JSON_SECTIONS,
  load: async () => (await import("./show.ts")).show,
});

const groups = defineCommand({
  name: "groups",
  summary: "the groups that profiles are made of, or one of them",
  description: [],
  examples: ["nono profile groups", "nono profile groups credentials_ssh"],
  operands: { usage: "[GROUP]", min: 0, max: 1, completion: "none" },
  sections: JSON_SECTIONS,
  load: async () => (await import("./groups.ts")).groups,
});

const validate = defineCommand({
  name: "validate",
  summary: "check profiles of your own",
  description: ["Exit code 1 when something is wrong in one of them."],
  examples: ["nono profile validate mine", "nono profile validate ./agent.json"],
  operands: { usage: "NAME|FILE...", min: 1, max: Infinity, completion: "profile" },
  sections: JSON_SECTIONS,
  load: async () => (await import("./validate.ts")).validate,
});

const diff = defineCommand({
  name: "diff",
  summary: "what one profile grants and another does not",
  description: ["Exit code 1 when they differ."],
  examples: ["nono profile diff default claude-code"],
  operands: { usage: "PROFILE PROFILE", min: 2, max: 2, completion: "profile" },
  sections: JSON_SECTIONS,
  load: async () => (await import("./diff.ts")).diff,
});

const init = defineCommand({
  name: "init",
  summary: "write a profile to start from",
  description: ["Never overwrites a file."],
  examples: ["nono profile init my-agent --extends claude-code"],
  operands: { usage: "NAME", min: 1, max: 1, completion: "none" },
  sections: INIT_SECTIONS,
  load: async () => (await import("./init.ts")).init,
});

const schema = defineCommand({
  name: "schema",
  summary: "the JSON Schema of profile files, for editors",
  description: [],
  examples: ["nono profile schema > nono-profile.schema.json"],
  operands: NO_OPERANDS,
  sections: SCHEMA_SECTIONS,
  load: async () => (await import("./schema.ts")).schema,
});

export const PROFILE_COMMANDS: readonly Command[] = [list, show, groups, validate, diff, init, schema];
