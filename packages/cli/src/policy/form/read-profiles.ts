// The text of a profile file: one profile, or several by name.

import { nearest } from "../../text/nearest.ts";
import { check } from "./check.ts";
import type { Checked } from "./checked.ts";
import { type Document, parseDocument } from "./document.ts";
import { membersOf } from "./members.ts";
import { type Profile, profileForm } from "./profile-form.ts";

export type ProfileFile =
  | Readonly<{ kind: "one"; profile: Profile }>
  | Readonly<{ kind: "many"; profiles: Readonly<Record<string, Profile>> }>;

/** @param file what problems call the text */
export function readProfiles(text: string, file: string): Checked<ProfileFile> {
  const parsed = parseDocument(text, file);
  if ("problems" in parsed) return parsed;
  const document = parsed.value;
  if (isOneProfile(document)) {
    const one = check(profileForm, document, file);
    return "value" in one ? { value: { kind: "one", profile: one.value } } : one;
  }
  const members = membersOf(document, file, (location) => check(profileForm, document, file, location));
  return "value" in members ? { value: { kind: "many", profiles: members.value } } : members;
}

/**
 * A file is one profile when some key of it is a profile's, or all are misspelt. So no profile in a file of several
 * can be called `network`.
 */
function isOneProfile({ value }: Document): boolean {
  if (!isObject(value)) return true;
  const keys = Object.keys(value).filter((key) => key !== "$schema");
  if (keys.length === 0 || keys.some(isField)) return true;
  if (keys.some((key) => isObject(value[key]) && Object.keys(value[key]).some(isField))) return false;
  return keys.every((key) => nearest(key, FIELDS) !== undefined);
}

const FIELDS = Object.keys(profileForm.shape).filter((key) => key !== "$schema");

function isField(key: string): boolean {
  return FIELDS.includes(key);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
