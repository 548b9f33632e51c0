// nono profile schema: the forms of profile and group files, for editors.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { groupsSchema, profileSchema } from "../../policy/form/json-schema.ts";
import { toJson } from "../../sandbox/document.ts";
import type { SCHEMA_SECTIONS } from "./options.ts";

export const schema: Action<FlagsOf<typeof SCHEMA_SECTIONS>> = (flags, { io }) => {
  io.stdout.write(toJson(flags.of === "groups" ? groupsSchema() : profileSchema()));
  return ExitCode.ok;
};
