// The options of nono setup.

import { plain } from "../../args/command.ts";
import { NAME, oneOf } from "../../args/operand.ts";
import { flag, one } from "../../args/option.ts";
import { SHELLS } from "./completion-place.ts";

export const SETUP_SECTIONS = plain({
  checkOnly: flag("only look: exit code 1 where no sandbox can be made, or one does not hold"),
  completion: one(oneOf("SHELL", ...SHELLS), "write the completion script to where SHELL looks for it"),
  exampleProfile: one(NAME, "write a profile to start from: nono run --profile NAME"),
  json: flag("answer as JSON"),
});
