// Fields of a JSON document that somebody else may have written: each is what it should be, or an Error says what it is.

import type { CanonicalPath } from "nono-ts";

export type Json = Readonly<Record<string, unknown>>;

export function texts(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`${name} is not a list`);
  return value.map(text);
}

export function record(value: unknown, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${name} is not an object`);
  return value as Json;
}

export function list(value: unknown, name: string): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`${name} is not a list`);
  return value.map((item) => record(item, `an entry of ${name}`));
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is not text`);
  return value;
}

export function absolute(value: unknown): CanonicalPath {
  const path = text(value);
  const parts = path === "/" ? [] : path.slice(1).split("/");
  if (!path.startsWith("/") || parts.some((part) => part === "" || part === "." || part === ".."))
    throw new Error(`${JSON.stringify(path)} is not a canonical path`);
  return path as CanonicalPath;
}

export function oneOf<const T>(value: unknown, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new Error(`${JSON.stringify(value)} is none of ${values.join(", ")}`);
  return found;
}
