// nono profile init: a profile to start from.

import { mkdirSync, writeFileSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { directoryOf, resolvePath, show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { profileTemplate } from "../../policy/catalog/template.ts";
import { profileFile } from "../../policy/config-files.ts";
import { BASE_PROFILE, loadProfile } from "../../policy/profile/load.ts";
import { parseReference } from "../../policy/profile/reference.ts";
import { say } from "../../ui/message.ts";
import type { INIT_SECTIONS } from "./options.ts";
import { placeToWrite } from "./place.ts";

export const init: Action<FlagsOf<typeof INIT_SECTIONS>> = async (flags, { operands, io }) => {
  const [name = ""] = operands;
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    const expected = "a name of letters, digits, dots and dashes";
    throw new CliError({ code: "option-value", option: "nono profile init", value: name, expected });
  }
  const place = placeToWrite(io);
  const base = absolute(flags.extends ?? BASE_PROFILE, io.cwd());
  await loadProfile(base, place, io.cwd());
  const text = profileTemplate({ name, extends: base, description: `${name}, in the working directory` });
  if (flags.output === "-") {
    io.stdout.write(text);
    return ExitCode.ok;
  }
  const file =
    flags.output === undefined ? profileFile(place.directory, name) : resolvePath(io.cwd(), flags.output);
  write(file, text);
  say(io, `wrote ${show(file)}`);
  return ExitCode.ok;
};

/** A file is named so that it is found from wherever the profile lies. */
function absolute(reference: string, cwd: string): string {
  return parseReference(reference).kind === "file" ? resolvePath(cwd, reference) : reference;
}

function write(file: string, text: string): void {
  try {
    mkdirSync(bytesOf(directoryOf(file)), { recursive: true, mode: 0o700 });
    writeFileSync(bytesOf(file), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    const reason = code === "EEXIST" ? "it exists already" : code;
    throw new CliError({ code: "output-file", path: file, reason }, { cause: error });
  }
}
