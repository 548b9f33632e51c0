// The subcommands of nono secret.

import { type Command, defineCommand, NO_OPERANDS } from "../../args/command.ts";
import { GET_SECTIONS, LIST_SECTIONS, RM_SECTIONS, SET_SECTIONS } from "./options.ts";

const set = defineCommand({
  name: "set",
  summary: "store a secret, or replace it",
  description: [
    "The value is typed without being shown, or read from standard input without the line break at its end. It is " +
      "never taken from an argument, where every program on the machine could read it.",
  ],
  examples: ["nono secret set openai_api_key", "pass show openai | nono secret set openai_api_key"],
  // More are refused by the command itself, which does not repeat them.
  operands: { usage: "NAME", min: 1, max: Infinity, completion: "none" },
  sections: SET_SECTIONS,
  load: async () => (await import("./set.ts")).set,
});

const get = defineCommand({
  name: "get",
  summary: "say whether there is a secret of that name, or print it",
  description: ["Exit code 1 when there is none."],
  examples: ["nono secret get openai_api_key", "nono secret get --reveal openai_api_key"],
  operands: { usage: "NAME", min: 1, max: 1, completion: "none" },
  sections: GET_SECTIONS,
  load: async () => (await import("./get.ts")).get,
});

const list = defineCommand({
  name: "list",
  summary: "the names of the secrets that nono has stored",
  description: [
    "Names only, one a line. In the system's keystore they are the accounts of the service `nono`.",
  ],
  examples: ["nono secret list", "nono secret list --json"],
  operands: NO_OPERANDS,
  sections: LIST_SECTIONS,
  load: async () => (await import("./list.ts")).list,
});

const rm = defineCommand({
  name: "rm",
  summary: "remove a secret",
  description: ["Exit code 1 when there is none."],
  examples: ["nono secret rm openai_api_key"],
  operands: { usage: "NAME", min: 1, max: 1, completion: "none" },
  sections: RM_SECTIONS,
  load: async () => (await import("./rm.ts")).rm,
});

export const SECRET_COMMANDS: readonly Command[] = [set, get, list, rm];
