// Everything that is wrong with a profile file, for `nono profile validate`. Who may write the file is not asked here:
// it is checked before it is put in its place.

import { directoryOf } from "nono-ts/internal";
import { nearest } from "../../text/nearest.ts";
import type { ConfigPlace } from "../config-files.ts";
import { PolicyError, type PolicyProblem } from "../error.ts";
import type { Profile } from "../form/profile-form.ts";
import type { GroupCatalog } from "../group/catalog.ts";
import { isRequired } from "../group/select.ts";
import { loadProfile } from "../profile/load.ts";
import { parseReference } from "../profile/reference.ts";

/**
 * @param file absolute path of the text, for messages and for what it extends
 * @returns nothing when it is in order
 */
export async function validateProfiles(
  text: string,
  file: string,
  catalog: GroupCatalog,
  place: ConfigPlace,
): Promise<readonly PolicyProblem[]> {
  const { readProfiles } = await import("../form/read-profiles.ts");
  const read = readProfiles(text, file);
  if ("problems" in read) return read.problems;
  const named = read.value.kind === "many" ? read.value.profiles : {};
  const profiles = read.value.kind === "one" ? [read.value.profile] : Object.values(named);
  const found = await Promise.all(
    profiles.map(async (profile) => [
      ...groupProblems(profile, file, catalog),
      ...(await extendsProblems(profile, file, Object.keys(named), place)),
    ]),
  );
  return found.flat();
}

function groupProblems(profile: Profile, file: string, catalog: GroupCatalog): readonly PolicyProblem[] {
  const { include = [], exclude = [] } = profile.groups ?? {};
  const missing = [...(profile.security?.groups ?? []), ...include, ...exclude]
    .filter((name) => !catalog.has(name))
    .map(
      (name): PolicyProblem => ({
        code: "group-missing",
        name,
        source: file,
        nearest: nearest(name, catalog.keys()),
      }),
    );
  const required = exclude
    .filter((name) => isRequired(catalog.get(name) ?? []))
    .map((name): PolicyProblem => ({ code: "group-required", name, source: file }));
  return [...missing, ...required];
}

/** @param members names of the profiles in the file itself */
async function extendsProblems(
  profile: Profile,
  file: string,
  members: readonly string[],
  place: ConfigPlace,
): Promise<readonly PolicyProblem[]> {
  const parents = typeof profile.extends === "string" ? [profile.extends] : (profile.extends ?? []);
  const problems: PolicyProblem[] = [];
  for (const parent of parents) {
    const reference = parseReference(parent);
    const problem =
      reference.kind === "member"
        ? memberProblem(reference.member, file, members)
        : await loadingProblem(parent, file, place);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function memberProblem(name: string, file: string, members: readonly string[]): PolicyProblem | undefined {
  if (members.includes(name)) return undefined;
  return { code: "profile-not-in-file", file, name, nearest: nearest(name, members) };
}

async function loadingProblem(
  parent: string,
  file: string,
  place: ConfigPlace,
): Promise<PolicyProblem | undefined> {
  try {
    await loadProfile(parent, place, directoryOf(file));
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error.problem;
    throw error;
  }
}
