// The user's profile that grows out of one in use: what was approved in its sessions, or saved after them.

import { baseNameOf, show } from "nono-ts/internal";
import { profileFile } from "./config-files.ts";
import { parseReference } from "./profile/reference.ts";
import type { NewProfile, ProfileEdit } from "./save-profile.ts";

export type OwnProfile = Readonly<{
  file: string;
  /** `--profile` takes its name. */
  start: NewProfile;
}>;

type Use = Readonly<{
  /** `$XDG_CONFIG_HOME/nono` */
  directory: string;
  /** A name, or the absolute path of a file. */
  inUse: string;
}>;

const SUFFIX = "-approved";

export function ownProfileOf({ directory, inUse }: Use): OwnProfile {
  const reference = parseReference(inUse);
  const isFile = reference.kind === "file";
  const base = isFile ? baseNameOf(reference.file).replace(/\.jsonc?$/, "") : inUse.replace("#", "");
  // What was approved before is added to, instead of extended again.
  const name = base.endsWith(SUFFIX) ? base : `${base}${SUFFIX}`;
  return {
    file: profileFile(directory, name),
    start: {
      name,
      extends: inUse,
      description: `${base}, and what was approved in its sessions`,
    },
  };
}

/** Lines for people: the file, and what would be new in it. */
export function describeEdit({ file, isNew, additions }: ProfileEdit, start: NewProfile): readonly string[] {
  return [
    isNew ? `${show(file)} (new, extends ${show(start.extends)})` : show(file),
    ...additions.map(({ at, value }) => `+ ${at.join(".")}: ${show(String(value))}`),
    ...(additions.length === 0 ? ["has all of it already"] : []),
  ];
}
