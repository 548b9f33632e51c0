// nono profile init: a profile to start from.

import { mkdirSync, writeFileSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { directoryOf, resolvePath, show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { ownProfileFile } from "../../policy/catalog/own-profile.ts";
import { profileTemplate } from "../../policy/catalog/template.ts";
import { BASE_PROFILE, loadProfile } from "../../policy/profile/load.ts";
import { parseReference } from "../../policy/profile/reference.ts";
import { say } from "../../ui/message.ts";
import type { INIT_SECTIONS } from "./options.ts";
import { placeToWrite } from "./place.ts";

export const init: Action<FlagsOf<typeof INIT_SECTIONS>> = async (flags, { operands, io }) => {
  const [name = ""] = operands;
  const place = placeToWrite(io);
  const own = ownProfileFile(name, "nono profile init", place);
  const base = absolute(flags.extends ?? BASE_PROFILE, io.cwd());
  await loadProfile(base, place, io.cwd());
  const text = profileTemplate({ name, extends: base, description: `${name}, in the working directory` });
  if (flags.output === "-") {
    io.stdout.write(text);
    return ExitCode.ok;
  }
  const file = flags.output === undefined ? own : resolvePath(io.cwd(), flags.output);
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
