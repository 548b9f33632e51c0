// What a profile says about a file: its rules, read as the kernel reads them.

import { type CanonicalPath, isWithin } from "../files/canonical-path.ts";
import { bytesOf } from "../text/bytes.ts";
import type { Operation } from "./operations.ts";
import type { Filter, RawRule, Rule } from "./rule.ts";

/** An operation on a file, as the kernel asks for it. */
export type FileOperation = "file-read-data" | "file-write-data" | "file-write-create";

/** Every rule that fits, in its order: the last one decides, and where there is none, nothing is allowed. */
export function fittingRules(
  rules: readonly (Rule | RawRule)[],
  operation: FileOperation,
  path: CanonicalPath,
): readonly Rule[] {
  return rules.filter(
    (rule): rule is Rule =>
      "operations" in rule &&
      rule.operations.some((one) => covers(one, operation)) &&
      (rule.filters.length === 0 || rule.filters.some((filter) => fits(filter, path))),
  );
}

function covers(one: Operation, operation: FileOperation): boolean {
  return one === operation || (one.endsWith("*") && operation.startsWith(one.slice(0, -1)));
}

function fits(filter: Filter, path: CanonicalPath): boolean {
  switch (filter.kind) {
    case "literal":
      return path === filter.path;
    case "subpath":
      return isWithin(path, filter.path);
    case "regex":
      return new RegExp(byteByByte(filter.pattern), "s").test(byteByByte(path));
    case "all":
      return filter.of.every((one) => fits(one, path));
    default:
      return false; // of something else than a path, or of how it was come by
  }
}

/** One character for each byte: that is what the kernel compares. */
function byteByByte(text: string): string {
  return bytesOf(text).toString("latin1");
}
