// The options of the subcommands of nono secret.

import { plain } from "../../args/command.ts";
import { flag } from "../../args/option.ts";
import { STORE_OPTIONS } from "../../secret/store-options.ts";

const STORE = { title: "Keystore", options: STORE_OPTIONS } as const;

export const SET_SECTIONS = [STORE] as const;
export const RM_SECTIONS = [STORE] as const;

export const GET_SECTIONS = [
  ...plain({ reveal: flag("print the value; without it, only whether there is one") }),
  STORE,
] as const;

export const LIST_SECTIONS = [...plain({ json: flag("answer as JSON: an array of names") }), STORE] as const;
