// From the name of a profile to the profiles it consists of, those that it extends first.

import fs from "node:fs";
import type { CanonicalPath } from "nono-ts";
import { baseNameOf, canonicalizeMissing, directoryOf, isWithin, resolvePath } from "nono-ts/internal";
import { nearest } from "../../text/nearest.ts";
import { type ConfigPlace, profileFile, profileNames } from "../config-files.ts";
import { PROFILES } from "../data/profiles.ts";
import { PolicyError } from "../error.ts";
import { valueOrThrow } from "../form/checked.ts";
import type { Profile } from "../form/profile-form.ts";
import type { ProfileFile } from "../form/read-profiles.ts";
import { readTrustedFile, refuseInWorkdir } from "../trusted-file.ts";
import { type ProfileReference, parseReference } from "./reference.ts";

/** One profile, and what its entries are told to come from. */
export type Layer = Readonly<{
  name: string;
  source: string;
  profile: Profile;
  /** It lies in the user's config directory. */
  isUsers?: boolean;
}>;

export type ProfileChain = Readonly<{
  name: string;
  /** For another profile to extend: of a file its canonical path, whatever links led to it. */
  reference: string;
  /** Each profile once, before those that extend it. */
  layers: readonly Layer[];
  /** The user's files among them, canonical. */
  files: readonly string[];
}>;

/** What every profile extends that does not say otherwise. */
export const BASE_PROFILE = "default";

/** A profile that was found, and where references in it start from. */
type Found = Layer & Readonly<{ key: string; file: LoadedFile | undefined }>;
type LoadedFile = Readonly<{ path: CanonicalPath; content: ProfileFile }>;

/**
 * @param reference a name, FILE or FILE#NAME
 * @param cwd absolute; a relative FILE is taken from it
 * @throws PolicyError `profile-missing`, `profile-ambiguous`, `profile-unnamed`, `profile-cycle`, and what
 *   `readTrustedFile` and the form say about the user's files
 */
export async function loadProfile(reference: string, place: ConfigPlace, cwd: string): Promise<ProfileChain> {
  const layers = new Map<string, Layer>();
  const files = new Set<string>();

  async function visit(text: string, from: Found | undefined, above: readonly Found[]): Promise<Found> {
    const found = await find(parseReference(text), from, place, cwd);
    if (above.some((one) => one.key === found.key))
      throw new PolicyError({ code: "profile-cycle", chain: [...above, found].map((one) => one.name) });
    if (layers.has(found.key)) return found;
    if (found.file !== undefined) files.add(found.file.path);
    for (const parent of parentsOf(found)) await visit(parent, found, [...above, found]);
    const { name, source, profile, file } = found;
    layers.set(found.key, { name, source, profile, isUsers: file !== undefined && isUsers(file, place) });
    return found;
  }

  const { name, file } = await visit(reference, undefined, []);
  const chain = { name, layers: [...layers.values()], files: [...files] };
  return { ...chain, reference: lastingReference(reference, file) };
}

function lastingReference(text: string, file: LoadedFile | undefined): string {
  const reference = parseReference(text);
  if (reference.kind !== "file" || file === undefined) return text;
  return reference.member === undefined ? file.path : `${file.path}#${reference.member}`;
}

/** Where no run could write. */
function isUsers({ path }: LoadedFile, { directory }: ConfigPlace): boolean {
  return isWithin(path, canonicalizeMissing(directory));
}

function parentsOf({ key, profile }: Found): readonly string[] {
  if (profile.extends !== undefined)
    return typeof profile.extends === "string" ? [profile.extends] : profile.extends;
  return key === BASE_PROFILE ? [] : [BASE_PROFILE];
}

async function find(
  reference: ProfileReference,
  from: Found | undefined,
  place: ConfigPlace,
  cwd: string,
): Promise<Found> {
  if (reference.kind === "name") return findByName(reference.name, place);
  if (reference.kind === "member") {
    if (from?.file === undefined)
      throw new PolicyError({ code: "profile-missing", name: `#${reference.member}`, nearest: undefined });
    return memberOf(from.file, reference.member);
  }
  const base = from?.file === undefined ? cwd : directoryOf(from.file.path);
  const file = resolvePath(base, reference.file);
  const loaded = await readProfileFile(file, place);
  if (loaded === undefined)
    throw new PolicyError({ code: "config-unreadable", file, reason: "there is no such file" });
  return memberOf(loaded, reference.member);
}

async function findByName(name: string, place: ConfigPlace): Promise<Found> {
  const file = profileFile(place.directory, name);
  if (Object.hasOwn(PROFILES, name)) {
    if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new PolicyError({ code: "profile-ambiguous", name, file });
    return {
      key: name,
      name,
      source: `profile:${name}`,
      profile: PROFILES[name] as Profile,
      file: undefined,
    };
  }
  const loaded = /^[\w.-]+$/.test(name) ? await readProfileFile(file, place) : undefined;
  if (loaded !== undefined) return memberOf(loaded, loaded.content.kind === "many" ? name : undefined, name);
  const known = [...Object.keys(PROFILES), ...profileNames(place.directory)];
  throw new PolicyError({ code: "profile-missing", name, nearest: nearest(name, known) });
}

/** One profile of a file: the named one, or the only one. */
function memberOf(file: LoadedFile, member: string | undefined, called?: string): Found {
  const profiles = file.content.kind === "many" ? file.content.profiles : {};
  const names = Object.keys(profiles);
  if (file.content.kind === "one" && member === undefined) {
    const { profile } = file.content;
    return found(
      file,
      called ?? profile.meta?.name ?? baseNameOf(file.path).replace(/\.jsonc?$/, ""),
      profile,
    );
  }
  const name = member ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw new PolicyError({ code: "profile-unnamed", file: file.path, names });
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined)
    throw new PolicyError({
      code: "profile-not-in-file",
      file: file.path,
      name,
      nearest: nearest(name, names),
    });
  return found(file, name, profile);
}

function found(file: LoadedFile, name: string, profile: Profile): Found {
  return { key: `${file.path}#${name}`, name, source: `profile:${name} (${file.path})`, profile, file };
}

/** The parser and the forms are loaded here, so that a run with built-in profiles starts without them. */
async function readProfileFile(file: string, place: ConfigPlace): Promise<LoadedFile | undefined> {
  const trusted = readTrustedFile(file, place.uid);
  if (trusted === undefined) return undefined;
  refuseInWorkdir(trusted, place);
  const { readProfiles } = await import("../form/read-profiles.ts");
  return { path: trusted.path, content: valueOrThrow(readProfiles(trusted.text, file)) };
}
