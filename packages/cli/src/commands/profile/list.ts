// nono profile list: what --profile can name.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { listProfiles } from "../../policy/catalog/list.ts";
import { toJson } from "../../sandbox/document.ts";
import { rows } from "../../ui/rows.ts";
import type { LIST_SECTIONS } from "./options.ts";
import { placeFor } from "./place.ts";

export const list: Action<FlagsOf<typeof LIST_SECTIONS>> = async ({ json, names }, { io }) => {
  const profiles = await listProfiles(placeFor(io));
  if (json) io.stdout.write(toJson(profiles));
  else if (names) io.stdout.write(profiles.map(({ name }) => `${show(name)}\n`).join(""));
  else {
    const lines = profiles.map(({ name, description, file, problem }) => {
      const text = problem === undefined ? description : `cannot be used: ${problem}`;
      return [show(name), show(file === undefined ? text : `${text} (${file})`)] as const;
    });
    io.stdout.write(`${rows(lines, { ...io.stdout, indent: 0 }).join("\n")}\n`);
  }
  return ExitCode.ok;
};
