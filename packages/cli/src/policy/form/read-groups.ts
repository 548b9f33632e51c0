// The text of a groups file as groups by name.

import { check } from "./check.ts";
import type { Checked } from "./checked.ts";
import { parseDocument } from "./document.ts";
import { type Groups, groupForm } from "./group-form.ts";
import { membersOf } from "./members.ts";

/** @param file what problems call the text */
export function readGroups(text: string, file: string): Checked<Groups> {
  const parsed = parseDocument(text, file);
  if ("problems" in parsed) return parsed;
  const document = parsed.value;
  return membersOf(document, file, (location) => check(groupForm, document, file, location));
}
