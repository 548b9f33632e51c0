// Where the user's own policy files lie.

import fs from "node:fs";
import { resolvePath } from "nono-ts/internal";
import { PolicyError } from "./error.ts";
import { configDirectory } from "./placed/protected-roots.ts";
import { type Surroundings, variablesOf } from "./variables.ts";

export type ConfigPlace = Readonly<{
  /** `$XDG_CONFIG_HOME/nono` */
  directory: string;
  home: string;
  /** Nothing below it is read as a grant, the config directory apart. */
  workdir: string;
  /** Whose files are trusted, beside root's. */
  uid: number;
}>;

/** @throws PolicyError `home-unknown` */
export function configPlaceOf(surroundings: Surroundings): ConfigPlace {
  const { home, workdir, uid } = surroundings;
  return { directory: configDirectory(variablesOf(surroundings)), home, workdir, uid };
}

/** File that holds the user's own groups. */
export function groupsFile(directory: string): string {
  return resolvePath(directory, "groups.json");
}

/** File that holds the user's profile `name`. */
export function profileFile(directory: string, name: string): string {
  return resolvePath(directory, "profiles", `${name}.json`);
}

/**
 * Names of the user's profiles, sorted.
 *
 * @throws PolicyError `config-unreadable`
 */
export function profileNames(directory: string): readonly string[] {
  const profiles = resolvePath(directory, "profiles");
  try {
    const files = fs.readdirSync(profiles).filter((name) => name.endsWith(".json"));
    return files.map((name) => name.slice(0, -".json".length)).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return [];
    throw new PolicyError(
      { code: "config-unreadable", file: profiles, reason: String(code) },
      { cause: error },
    );
  }
}
