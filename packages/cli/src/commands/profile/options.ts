// The options of the subcommands of nono profile.

import { FILE, oneOf, PROFILE } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";

export const LIST_SECTIONS = [
  { title: "Options", options: { json: flag("answer as JSON"), names: flag("only the names, one a line") } },
] as const;

export const JSON_SECTIONS = [{ title: "Options", options: { json: flag("answer as JSON") } }] as const;

export const INIT_SECTIONS = [
  {
    title: "Options",
    options: {
      extends: one(PROFILE, "start from another profile; `default` when not given"),
      output: one(FILE, "write FILE instead of one among your profiles; - is standard output"),
    },
  },
] as const;

export const SCHEMA_SECTIONS = [
  {
    title: "Options",
    options: { of: one(oneOf("FORM", "profile", "groups"), "profile (as when not given) or groups") },
  },
] as const;
