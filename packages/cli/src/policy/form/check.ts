// Whether a document has a form; if not, every reason, with the line it is on.

import { z } from "zod";
import { nearest } from "../../text/nearest.ts";
import type { PolicyProblem } from "../error.ts";
import { type Checked, checked } from "./checked.ts";
import type { Document, Location } from "./document.ts";

/** @param location the part of the document to check; the whole when empty */
export function check<T>(
  form: z.ZodType<T>,
  document: Document,
  file: string,
  location: Location = [],
): Checked<T> {
  const result = form.safeParse(valueAt(document.value, location));
  const issues = result.error?.issues ?? [];
  return checked(
    issues.flatMap((issue) => problemsOf(issue, form, document, file, location)),
    () => result.data as T,
  );
}

function problemsOf(
  issue: z.core.$ZodIssue,
  form: z.ZodType,
  document: Document,
  file: string,
  prefix: Location,
): readonly PolicyProblem[] {
  const within = issue.path as (string | number)[];
  const location = [...prefix, ...within];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      code: "config-key",
      file,
      ...document.positionOfKey([...location, key]),
      key,
      where: location.length === 0 ? "the file" : nameOf(location),
      nearest: nearest(key, keysAt(form, within)),
    }));
  const position =
    issue.code === "invalid_key" ? document.positionOfKey(location) : document.positionOf(location);
  return [{ code: "config-value", file, ...position, where: nameOf(location), reason: reasonOf(issue) }];
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  if (issue.code === "invalid_value")
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  return issue.message.replace(/^Invalid input: /, "");
}

/** `filesystem.allow[1]` */
function nameOf(location: Location): string {
  return location
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`))
    .join("");
}

function valueAt(value: unknown, location: Location): unknown {
  return location.reduce<unknown>(
    (at, part) => (at as Record<string | number, unknown> | undefined)?.[part],
    value,
  );
}

/** The keys that `form` knows for the object at `location`. */
function keysAt(form: z.core.$ZodType, location: Location): readonly string[] {
  const [first, ...rest] = location;
  if (form instanceof z.ZodOptional) return keysAt(form.unwrap(), location);
  if (form instanceof z.ZodRecord) return first === undefined ? [] : keysAt(form.valueType, rest);
  if (!(form instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(form.shape);
  const inner: z.core.$ZodType | undefined = form.shape[first];
  return inner === undefined ? [] : keysAt(inner, rest);
}
