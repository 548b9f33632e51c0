// Rules as the text of a profile. Every name that comes from outside goes through `quoted`.

import type { Filter, RawRule, Rule } from "./rule.ts";

/** Bytes that do not end a string, nor take a meaning away: all but these two stand for themselves. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

export function printProfile(rules: readonly (Rule | RawRule)[]): string {
  return ["(version 1)", "(deny default)", ...merged(rules).map(printRule), ""].join("\n");
}

/** Neighbours that allow or deny the same operations are one rule with the filters of both. */
function merged(rules: readonly (Rule | RawRule)[]): readonly (Rule | RawRule)[] {
  const result: (Rule | RawRule)[] = [];
  for (const rule of rules) {
    const last = result.at(-1);
    if (last !== undefined && "filters" in last && "filters" in rule && areAlike(last, rule))
      result[result.length - 1] = { ...last, filters: [...last.filters, ...rule.filters] };
    else result.push(rule);
  }
  return result;
}

function areAlike(one: Rule, other: Rule): boolean {
  if (one.filters.length === 0 || other.filters.length === 0) return false; // no filter fits everything
  return one.action === other.action && one.operations.join() === other.operations.join();
}

function printRule(rule: Rule | RawRule): string {
  if ("text" in rule) return rule.text;
  const head = `(${rule.action} ${rule.operations.join(" ")}`;
  const [first, ...more] = rule.filters.map(printFilter);
  if (first === undefined) return `${head})`;
  if (more.length === 0) return `${head} ${first})`;
  return `${[head, first, ...more].join("\n  ")})`;
}

function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "literal":
    case "subpath":
      return `(${filter.kind} ${quoted(filter.path)})`;
    case "regex":
      return `(regex ${quoted(filter.pattern)})`;
    case "target":
      return `(target ${filter.of})`;
    case "local":
    case "remote": {
      const address = filter.address === undefined ? "" : ` ${quoted(filter.address)}`;
      return `(${filter.kind} ${filter.protocol}${address})`;
    }
    case "socket-domain":
      return `(socket-domain ${filter.domain})`;
    case "socket-protocol":
      return `(socket-protocol ${filter.number})`;
    case "all":
      return `(require-all ${filter.of.map(printFilter).join(" ")})`;
    default:
      return `(${filter.kind} ${quoted(filter.name)})`;
  }
}
