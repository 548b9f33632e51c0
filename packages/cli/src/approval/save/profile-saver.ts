// "Add to my profile": a profile of the user's that adds to the one in use, shown before it is written.

import { statSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { show } from "nono-ts/internal";
import { PolicyError } from "../../policy/error.ts";
import { HOLDS_SECRET } from "../../policy/holds-secret.ts";
import { describeEdit, ownProfileOf } from "../../policy/own-profile.ts";
import type { NamedPlaces } from "../../policy/path-text.ts";
import type { ProfileEdit } from "../../policy/save-profile.ts";
import { type Cleaned, withoutSecrets } from "../../policy/without-secrets.ts";
import type { ApprovalRequest } from "../request.ts";
import { profileEntries } from "./profile-entries.ts";

export type ProfileSaver = Readonly<{
  /** The profile that is written: `--profile` takes it. */
  profile: string;
  /** What would be new, for people. @throws PolicyError where the file there is now cannot be added to */
  propose(requests: readonly ApprovalRequest[]): Promise<string>;
  /** Writes it. @returns the file @throws PolicyError, and the file system's own errors */
  save(requests: readonly ApprovalRequest[]): Promise<string>;
}>;

export type SaverOptions = NamedPlaces &
  Readonly<{
    /** `$XDG_CONFIG_HOME/nono` */
    directory: string;
    /** A name, or the absolute path of a file. */
    inUse: string;
    uid: number;
    /** A text without the secrets in it. */
    clean(text: string): string;
  }>;

type Held = Pick<Cleaned, "held">;

export function profileSaver(options: SaverOptions): ProfileSaver {
  const { uid, clean } = options;
  const { file, start } = ownProfileOf(options);

  async function edit(requests: readonly ApprovalRequest[]): Promise<Readonly<{ edit: ProfileEdit }> & Held> {
    const { profile, held } = withoutSecrets(profileEntries(requests, options, isDirectory), clean);
    const [text] = held;
    if (text !== undefined && profile.filesystem === undefined)
      throw new PolicyError({ code: "profile-secret", text });
    // Forms and parser are not loaded before somebody wants them.
    const { editProfile } = await import("../../policy/save-profile.ts");
    return { edit: editProfile(file, profile, start, uid), held };
  }

  return {
    profile: start.name,
    async propose(requests) {
      const proposed = await edit(requests);
      const without = proposed.held.map((text) => `not in it: ${show(text)}, ${HOLDS_SECRET}`);
      return [...describeEdit(proposed.edit, start), ...without].join("\n");
    },
    async save(requests) {
      const { saveProfile } = await import("../../policy/save-profile.ts");
      saveProfile((await edit(requests)).edit);
      return file;
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(bytesOf(path)).isDirectory();
  } catch {
    return false; // what is not there is none
  }
}
