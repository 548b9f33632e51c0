// Where a learned profile goes, and which profile it adds to. A file that is there is added to only where it is the
// profile in use: else what was learned would rest on something else than it says.

import { existsSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { canonicalize, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { ownProfileFile } from "../policy/catalog/own-profile.ts";
import { type ConfigPlace, profileFile } from "../policy/config-files.ts";
import { BASE_PROFILE } from "../policy/profile/load.ts";
import { parseReference } from "../policy/profile/reference.ts";

export type Target = Readonly<{
  /** `undefined`: standard output. */
  file: string | undefined;
  /** Nothing was there before the start. */
  isNew: boolean;
  name: string;
  /** The profile to learn under. */
  profile: string;
}>;

type Wanted = Readonly<{ save: string | undefined; output: string | undefined; profile: string | undefined }>;

/** @throws CliError `options-exclusive`, `option-value`, `output-file` */
export function targetOf({ save, output, profile }: Wanted, place: ConfigPlace, cwd: string): Target {
  if (save !== undefined && output !== undefined)
    throw new CliError({ code: "options-exclusive", option: "--save", other: "--output" });
  const file =
    save === undefined ? output && resolvePath(cwd, output) : ownProfileFile(save, "--save", place);
  const name = save ?? (output === undefined ? "learned" : nameOf(output));
  const inUse = profile ?? BASE_PROFILE;
  if (file === undefined || !existsSync(bytesOf(file))) return { file, isNew: true, name, profile: inUse };
  const own = save ?? file;
  // The command may be able to exchange a link on the way to it.
  const there = { file: canonicalize(file), isNew: false, name };
  if (profile === undefined && save !== undefined) return { ...there, profile: own };
  if (profile !== undefined && isSame(profile, file, place, cwd)) return { ...there, profile };
  throw new CliError({
    code: "output-file",
    path: file,
    reason: `it exists already: --profile ${own} learns what it does not have yet`,
  });
}

function isSame(profile: string, file: string, place: ConfigPlace, cwd: string): boolean {
  const reference = parseReference(profile);
  if (reference.kind === "name") return profileFile(place.directory, reference.name) === file;
  return reference.kind === "file" && resolvePath(cwd, reference.file) === file;
}

function nameOf(output: string): string {
  const name = output.replace(/^.*\//s, "").replace(/\.jsonc?$/, "");
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name) ? name : "learned";
}
