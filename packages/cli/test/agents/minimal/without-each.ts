// Proves that a profile is as small as it can be: lets the agent work without each of its entries in turn.

import { GROUPS } from "../../../src/policy/data/groups.ts";
import { PROFILES } from "../../../src/policy/data/profiles.ts";
import type { Group } from "../../../src/policy/form/group-form.ts";
import type { Profile } from "../../../src/policy/form/profile-form.ts";
import { type Count, countOf, skipped } from "../count.ts";
import { describe, type EntryPath, type Json, openingEntries, valueAt, without } from "./entries.ts";
import { evidenceFor, type Observation } from "./evidence.ts";
import { GRANT_KEYS, isOpening, mergedProfile, withoutGroups } from "./merged-profile.ts";
import { type Found, lookUp, observe, type Subject } from "./observe.ts";
import { coverOf, type Grant, withParts } from "./overlap.ts";

export type Proof = Readonly<{ entry: string }> &
  (
    | Readonly<{ needed: "yes"; evidence: string }>
    | Readonly<{ needed: "no" }>
    | Readonly<{ needed: "unknown"; why: string }>
  );

/** The entries of the profile itself, with whole groups among them. An entry that is not needed has to go. */
export async function* withoutEach(subject: Subject): AsyncGenerator<Proof> {
  const profile = merged(subject);
  const found = await lookUp(subject, [...pathsIn(profile), ...GROUP_PATHS]);
  yield* proofs(subject, profile, entriesOf(profile), found);
}

/**
 * The entries of the groups that the profile is made of. Groups serve other profiles as well, so that an entry that is
 * not needed for this work is said and may stay.
 */
export async function* withinGroups(subject: Subject): AsyncGenerator<Proof> {
  const named = merged(subject);
  const found = await lookUp(subject, [...pathsIn(named), ...GROUP_PATHS]);
  const { profile, groupOf } = withoutGroups(named, GROUPS, (path) => found.get(path)?.kind);
  const entries = entriesOf(profile).filter((entry) => groupOf.has(String(valueAt(profile as Json, entry))));
  for await (const proof of proofs(subject, profile, entries, found))
    yield proof.needed === "no" ? { ...proof, needed: "unknown", why: "no part of this work" } : proof;
}

/** @throws Error where the agent does not work with all the entries: nothing would be proven by a failure then */
async function* proofs(
  subject: Subject,
  profile: Profile,
  entries: readonly EntryPath[],
  found: ReadonlyMap<string, Found>,
): AsyncGenerator<Proof> {
  const complete = profile as Json;
  // Twice, because what is refused differs a little from run to run.
  const base = [await observe(subject, complete), await observe(subject, complete)];
  const broken = base.flatMap(({ checks }) => checks).find(({ ok }) => !ok);
  if (broken)
    throw new Error(`${subject.agent.name} with all entries: NOT ${broken.title}: ${broken.detail}`);

  const grants = grantsOf(complete, found);
  for (const path of entries) {
    const entry = describe(complete, path);
    const grant = grants.find((one) => one.entry.join() === path.join());
    const cover = grant && coverOf(grant, grants);
    if (cover)
      yield { entry, needed: "unknown", why: `${describe(complete, cover.entry)} is the same or wider here` };
    else if (isAbsent(path, complete, found))
      yield { entry, needed: "unknown", why: "nothing is there here" };
    else {
      const gone = grant ? withParts(grant, grants).map((one) => one.entry) : [path];
      yield proofOf(entry, base, await observe(subject, without(complete, gone)));
    }
  }
}

function proofOf(entry: string, base: readonly Observation[], run: Observation): Proof {
  const evidence = evidenceFor(base, run);
  return evidence === undefined ? { entry, needed: "no" } : { entry, needed: "yes", evidence };
}

export function renderProof(proof: Proof): string {
  switch (proof.needed) {
    case "yes":
      return `  needed      ${proof.entry}\n              ${proof.evidence}`;
    case "no":
      return `  NOT needed  ${proof.entry}\n              nothing fails without it`;
    case "unknown":
      return `  skipped     ${proof.entry}\n              ${proof.why}`;
  }
}

export function countOfProof({ entry, needed }: Proof): Count {
  return needed === "unknown"
    ? skipped(1)
    : countOf([{ title: entry, ok: needed === "yes", detail: undefined }]);
}

const merged = ({ agent }: Subject): Profile =>
  mergedProfile([PROFILES.default, PROFILES[agent.name]] as readonly Profile[]);

/** Groups that only close open nothing, and none is left out for proof. */
function entriesOf(profile: Profile): readonly EntryPath[] {
  return openingEntries(profile as Json).filter(
    (entry) => entry[0] !== "groups" || isOpening(GROUPS[String(valueAt(profile as Json, entry))] as Group),
  );
}

const pathsIn = ({ filesystem }: Profile): readonly string[] =>
  Object.values(filesystem ?? {})
    .flat()
    .map(String);

const pathsOf = ({ allow }: Group): readonly string[] =>
  Object.values(allow ?? {}).flatMap((some) => some ?? []);

const GROUP_PATHS = Object.values(GROUPS).flatMap(pathsOf);

/** What overlaps on one machine: grants, denials lifted, directories made. */
const PATH_KEYS: Readonly<Record<string, string>> = {
  ...GRANT_KEYS,
  create: "create",
  bypass_protection: "bypass",
};

function grantsOf(profile: Json, found: ReadonlyMap<string, Found>): readonly Grant<EntryPath>[] {
  return openingEntries(profile).flatMap((entry) => {
    const access = PATH_KEYS[String(entry[1])];
    const real = found.get(String(valueAt(profile, entry)))?.real;
    return entry[0] !== "filesystem" || access === undefined || real === undefined
      ? []
      : [{ entry, real, access }];
  });
}

/** A grant or a lifted denial of nothing cannot be missed; a group is absent when all its paths are. */
function isAbsent(entry: EntryPath, profile: Json, found: ReadonlyMap<string, Found>): boolean {
  const [section, key] = entry;
  const value = String(valueAt(profile, entry));
  if (section === "groups") return !pathsOf(GROUPS[value] as Group).some((path) => found.has(path));
  return section === "filesystem" && String(key) in PATH_KEYS && !found.has(value);
}
