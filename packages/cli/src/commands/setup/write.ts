// What nono setup writes on request.

import { show } from "nono-ts/internal";
import type { Call, Entry, FlagsOf } from "../../args/command.ts";
import { ownProfileFile } from "../../policy/catalog/own-profile.ts";
import { profileTemplate } from "../../policy/catalog/template.ts";
import { variablesOf } from "../../policy/variables.ts";
import { surroundingsHere } from "../../sandbox/surroundings.ts";
import { say } from "../../ui/message.ts";
import { scriptFor } from "../completion.ts";
import { placeToWrite } from "../profile/place.ts";
import { completionPlace, type Shell } from "./completion-place.ts";
import type { SETUP_SECTIONS } from "./options.ts";
import { type Modes, writeFile } from "./write-file.ts";

const SHARED: Modes = { file: 0o644, directory: 0o755 };
const PRIVATE: Modes = { file: 0o600, directory: 0o700 };

/** @throws CliError `output-file` */
export async function write(
  { completion, exampleProfile }: FlagsOf<typeof SETUP_SECTIONS>,
  entries: readonly Entry[],
  call: Call,
): Promise<void> {
  if (completion !== undefined) writeCompletion(completion, entries, call);
  if (exampleProfile !== undefined) writeProfile(exampleProfile, call);
}

function writeCompletion(shell: Shell, entries: readonly Entry[], { io }: Call): void {
  const variables = variablesOf(surroundingsHere(io, "/"));
  const { file, hint } = completionPlace(shell, {
    data: variables.XDG_DATA_HOME ?? "/",
    config: variables.XDG_CONFIG_HOME ?? "/",
  });
  writeFile(file, scriptFor(shell, entries), (text) => text.includes("completion for nono"), SHARED, io);
  say(io, hint);
}

/** A profile is the person's as soon as it is there. */
function writeProfile(name: string, { io }: Call): void {
  const file = ownProfileFile(name, "--example-profile", placeToWrite(io));
  const text = profileTemplate({
    name,
    extends: "default",
    description: `${name}, in the working directory`,
  });
  writeFile(file, text, () => false, PRIVATE, io);
  say(
    io,
    `it is used by nono run --profile ${show(name)}, and checked by nono profile validate ${show(name)}`,
  );
}
