// Seatbelt rules in a document, as far as questions about paths need them.

import type { SeatbeltFilter, SeatbeltProfile } from "nono-ts";
import { absolute, type Json, list, oneOf, record, text, texts } from "./json-fields.ts";

type Rules = SeatbeltProfile["rules"];
type Operations = Extract<Rules[number], { operations: unknown }>["operations"];

export function seatbeltRules(value: unknown): Readonly<{ seatbelt: Pick<SeatbeltProfile, "rules"> }> {
  const { rules } = record(value, "seatbelt");
  return { seatbelt: { rules: list(rules, "rules").map(ruleOf) } };
}

function ruleOf(rule: Json): Rules[number] {
  if (rule.text !== undefined) return { text: text(rule.text) };
  return {
    action: oneOf(rule.action, ["allow", "deny"] as const),
    // One that does not exist is never asked for.
    operations: texts(rule.operations, "operations") as Operations,
    filters: list(rule.filters, "filters").map(filterOf),
    ...(rule.source === undefined ? {} : { source: text(rule.source) }),
  };
}

function filterOf(filter: Json): SeatbeltFilter {
  switch (filter.kind) {
    case "literal":
    case "subpath":
      return { kind: filter.kind, path: absolute(filter.path) };
    case "regex":
      return { kind: "regex", pattern: expression(filter.pattern) };
    case "all":
      return { kind: "all", of: list(filter.of, "of").map(filterOf) };
    default:
      return { kind: "extension", name: text(filter.kind) }; // of something else than a path
  }
}

function expression(value: unknown): string {
  const pattern = text(value);
  new RegExp(pattern);
  return pattern;
}
