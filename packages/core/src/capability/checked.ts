// What callers without types can get wrong. A value that is not known must not pass for one that grants or denies less
// than was meant: a denial of `"rw"` would deny nothing.

import { NonoError } from "../error.ts";
import { AccessMode } from "./access.ts";
import { LIMITS, type ResourceLimits } from "./capabilities.ts";
import { ipAddressOf } from "./host.ts";

/** @throws NonoError `invalid-value` for what is none of `values` */
export function checkedOneOf<T>(option: string, value: T, values: readonly T[]): T {
  if (!values.includes(value)) throw invalid(option, value, `one of ${values.join(", ")}`);
  return value;
}

export function checkedAccess(option: string, access: AccessMode): AccessMode {
  return checkedOneOf(option, access, Object.values(AccessMode));
}

export function checkedPath(option: string, file: string): string {
  if (typeof file !== "string") throw invalid(option, file, "a path as text");
  if (file.includes("\0")) throw new NonoError({ code: "invalid-text", option });
  return file;
}

/** Of a command that is to be started. */
export function checkedArguments(option: string, words: readonly string[]): readonly string[] {
  if (!Array.isArray(words)) throw invalid(option, words, "a list of texts");
  for (const word of words) if (typeof word !== "string") throw invalid(option, word, "text");
  return words;
}

/** A relative path would name another file in every directory. */
export function checkedCommand(option: string, name: string): string {
  if (typeof name !== "string" || name === "" || name.includes("\0") || !/^(\/|[^/]+$)/.test(name))
    throw invalid(option, name, "the name of a command, or the absolute path of one");
  return name;
}

export function checkedPort(option: string, port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new NonoError({ code: "invalid-port", option, port });
  return port;
}

/** @returns the one form of an address, or `localhost` */
export function checkedHost(option: string, host: string): string {
  const known = host === "localhost" ? host : typeof host === "string" ? ipAddressOf(host) : undefined;
  if (known === undefined)
    throw invalid(option, host, "localhost, or an IP address: other names are to be looked up before");
  return known;
}

export function checkedEnvironment(option: string, variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(variables)) {
    if (name === "" || name.includes("=")) throw invalid(option, name, "the name of a variable");
    if (typeof value !== "string") throw invalid(`${option} ${name}`, value, "text");
  }
  return { ...variables };
}

export function checkedLimits(option: string, limits: ResourceLimits): ResourceLimits {
  for (const [name, value] of Object.entries(limits)) {
    checkedOneOf<string>(option, name, LIMITS);
    if (value !== "infinity" && !(Number.isSafeInteger(value) && value >= 0))
      throw invalid(`${option} ${name}`, value, "a whole number from 0 on, or infinity");
  }
  return limits;
}

function invalid(option: string, value: unknown, expected: string): NonoError {
  return new NonoError({ code: "invalid-value", option, value: String(value), expected });
}
