// Where a new profile of one's own goes.

import { CliError } from "../../error.ts";
import { type ConfigPlace, profileFile } from "../config-files.ts";
import { PROFILES } from "../data/profiles.ts";

/**
 * @param option that names it
 * @throws CliError `option-value`, also for the name of a built-in profile: then neither could be named any more
 */
export function ownProfileFile(name: string, option: string, place: ConfigPlace): string {
  const isName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name);
  if (isName && !Object.hasOwn(PROFILES, name)) return profileFile(place.directory, name);
  const expected = isName
    ? "a name that no built-in profile has"
    : "a name of letters, digits, dots, dashes and underscores";
  throw new CliError({ code: "option-value", option, value: name, expected });
}
