// The options of the subcommands of nono profile.

import { plain } from "../../args/command.ts";
import { FILE, oneOf, PROFILE } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";

export const LIST_SECTIONS = plain({
  json: flag("answer as JSON"),
  names: flag("only the names, one a line"),
});

export const JSON_SECTIONS = plain({ json: flag("answer as JSON") });

export const INIT_SECTIONS = plain({
  extends: one(PROFILE, "start from another profile; `default` when not given"),
  output: one(FILE, "write FILE instead of one among your profiles; - is standard output"),
});

export const SCHEMA_SECTIONS = plain({
  of: one(oneOf("FORM", "profile", "groups"), "profile (as when not given) or groups"),
});
