// Arguments and variables as the bytes that they are. The runtimes decode them as UTF-8 and put U+FFFD in place of
// what is not; then the kernel still has the originals.

import { readFileSync } from "node:fs";
import { textOf } from "nono-ts";

const REPLACED = "\ufffd";

/** File names of macOS are UTF-8, whoever makes them. */
const ARE_TEXT = process.platform === "darwin";

/** @param decoded the last arguments of this process, as the runtime gives them */
export function rawArguments(decoded: readonly string[]): readonly string[] {
  if (ARE_TEXT || !decoded.some((text) => text.includes(REPLACED))) return decoded;
  return recordsOf("/proc/self/cmdline").slice(-decoded.length);
}

/** @param decoded the variables of this process, as the runtime gives them */
export function rawEnvironment(decoded: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const entries = Object.entries(decoded).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  if (ARE_TEXT || !entries.some((entry) => entry.join("").includes(REPLACED)))
    return Object.fromEntries(entries);
  const named = recordsOf("/proc/self/environ").filter((record) => record.indexOf("=") > 0);
  return Object.fromEntries(
    named.map((record) => [record.slice(0, record.indexOf("=")), record.slice(record.indexOf("=") + 1)]),
  );
}

function recordsOf(file: string): readonly string[] {
  const bytes = readFileSync(file);
  const records: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    records.push(textOf(bytes.subarray(at, end < 0 ? undefined : end)));
    at = end < 0 ? bytes.length : end + 1;
  }
  return records;
}
