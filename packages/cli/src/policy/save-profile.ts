// Adding to the user's own profiles: entries are put into the text of a file, whose comments stay, and the file is
// replaced as a whole.

import { mkdirSync } from "node:fs";
import { applyEdits, type EditResult, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import { bytesOf } from "nono-ts";
import { directoryOf, showJson, writeDurably } from "nono-ts/internal";
import { PolicyError } from "./error.ts";
import { valueOrThrow } from "./form/checked.ts";
import type { Profile } from "./form/profile-form.ts";
import { readProfiles } from "./form/read-profiles.ts";
import { readTrustedFile } from "./trusted-file.ts";

/** One entry that a profile did not have: a value of a list, or of its own. */
export type Addition = Readonly<{
  /** Keys from the profile's root. */
  at: readonly string[];
  value: unknown;
  inList: boolean;
}>;

export type ProfileEdit = Readonly<{
  file: string;
  isNew: boolean;
  /** For people: what is new, in the order of the file's keys. Empty: nothing is. */
  additions: readonly Addition[];
  /** The whole file as it will be. */
  text: string;
}>;

export type NewProfile = Readonly<{
  name: string;
  /** What it adds to: a profile's name, or the absolute path of a file. */
  extends: string;
  description: string;
}>;

/**
 * What `file` would become. Nothing is written, and nothing that it says is taken away.
 *
 * @param file absolute
 * @param entries what is to be in the profile; `extends` and `meta` of it are not looked at
 * @param start what a new file begins with
 * @throws PolicyError for a file that is not a single profile in order, or that others could have written
 */
export function editProfile(file: string, entries: Profile, start: NewProfile, uid: number): ProfileEdit {
  const trusted = readTrustedFile(file, uid);
  if (trusted === undefined) return newProfile(file, entries, start);
  const known = profileIn(trusted.text, file);
  const { $schema: _schema, meta: _meta, extends: _extends, ...wanted } = entries;
  const additions = additionsTo(known, wanted, []);
  const text = additions.reduce(withAddition, trusted.text);
  profileIn(text, file);
  return { file, isNew: false, additions, text };
}

/** Of a file that was not there: what may be there by now is not looked at. */
export function newProfile(file: string, entries: Profile, start: NewProfile): ProfileEdit {
  const { $schema: _schema, meta: _meta, extends: _extends, ...wanted } = entries;
  const text = newProfileText(wanted, start);
  profileIn(text, file);
  return { file, isNew: true, additions: additionsTo({}, wanted, []), text };
}

/** @throws the file system's own error; the old file is then still there, whole */
export function saveProfile({ file, text }: Pick<ProfileEdit, "file" | "text">): void {
  mkdirSync(bytesOf(directoryOf(file)), { recursive: true, mode: 0o700 });
  writeDurably(file, text, 0o600);
}

/** The text of a profile that has nothing but `entries`. */
export function newProfileText(entries: Profile, start: NewProfile): string {
  return additionsTo({}, entries, []).reduce(withAddition, beginning(start));
}

function beginning({ name, extends: base, description }: NewProfile): string {
  return `${showJson({ meta: { name, description }, extends: base }, 2)}\n`;
}

function profileIn(text: string, file: string): Profile {
  const content = valueOrThrow(readProfiles(text, file));
  if (content.kind === "one") return content.profile;
  throw new PolicyError({ code: "profile-unnamed", file, names: Object.keys(content.profiles) });
}

function additionsTo(known: unknown, wanted: unknown, at: readonly string[]): readonly Addition[] {
  if (wanted === undefined) return [];
  if (Array.isArray(wanted)) {
    const there = Array.isArray(known) ? known : [];
    return wanted.filter((value) => !there.includes(value)).map((value) => ({ at, value, inList: true }));
  }
  if (typeof wanted === "object" && wanted !== null) {
    const there = (known ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(wanted).flatMap(([key, value]) => additionsTo(there[key], value, [...at, key]));
  }
  const value = at.join(".") === "workdir.access" ? bothOf(known, wanted) : wanted;
  return value === known ? [] : [{ at, value, inList: false }];
}

/** Access to the working directory adds up. */
function bothOf(known: unknown, wanted: unknown): unknown {
  if (known === undefined || known === "none" || known === wanted) return wanted;
  return "readwrite";
}

const FORMATTING = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } } as const;

/** A file's name is its maker's: what it could do to a terminal is escaped, in the profile as well. */
function withAddition(text: string, addition: Addition): string {
  const added = [...addition.at, addition.value].filter((one) => typeof one === "string");
  const shown = (content: string) =>
    // What the user has written on the same line stays.
    added.reduce((line, one) => line.replaceAll(JSON.stringify(one), () => showJson(one)), content);
  const edits = editsFor(text, addition);
  return applyEdits(
    text,
    edits.map((edit) => ({ ...edit, content: shown(edit.content) })),
  );
}

function editsFor(text: string, { at, value, inList }: Addition): EditResult {
  if (!inList) return modify(text, [...at], value, FORMATTING);
  const tree = parseTree(text, undefined, { allowTrailingComma: true });
  const list = tree && findNodeAtLocation(tree, [...at]);
  if (list?.type !== "array") return modify(text, [...at], [value], FORMATTING);
  // At the front: behind the last one there may be a comma already, which JSON with comments allows.
  return modify(text, [...at, 0], value, { ...FORMATTING, isArrayInsertion: true });
}
