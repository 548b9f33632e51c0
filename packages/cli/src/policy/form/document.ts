// JSON with comments as values that still know where in the file they stand.

import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { PolicyProblem } from "../error.ts";
import { type Checked, checked } from "./checked.ts";

/** Keys and indices from the root. */
export type Location = readonly (string | number)[];

/** Counts from 1. */
export type Position = Readonly<{ line: number; column: number }>;

export type Document = Readonly<{
  value: unknown;
  /** Where the value at `location` stands, or the nearest one around it. */
  positionOf(location: Location): Position;
  /** Where the key stands that is the last part of `location`. */
  positionOfKey(location: Location): Position;
}>;

/** A document, or what keeps `text` from being one. A key given twice is a problem: one of the two would be ignored. */
export function parseDocument(text: string, file: string): Checked<Document> {
  const problems: PolicyProblem[] = [];
  const report = (offset: number, reason: string) =>
    problems.push({ code: "config-syntax", file, ...positionAt(text, offset), reason });

  const abyss = tooDeepAt(text);
  if (abyss !== undefined) report(abyss, `it is nested more than ${DEEPEST} deep`);
  const errors: ParseError[] = [];
  // What reads it goes as deep.
  const root = abyss === undefined ? parseTree(text, errors, { allowTrailingComma: true }) : undefined;
  for (const { error, offset } of errors) report(offset, describe(printParseErrorCode(error)));
  const value =
    root &&
    plainValue(root, (key) => report(key.offset, `the key ${JSON.stringify(key.value)} is given twice`));
  return checked(problems, () => ({
    value,
    positionOf: (location) => positionAt(text, nodeAt(root, location)?.offset ?? 0),
    positionOfKey: (location) => {
      const node = nodeAt(root, location);
      return positionAt(text, (node?.parent?.type === "property" ? node.parent : node)?.offset ?? 0);
    },
  }));
}

/** No policy is nested as deeply by half. */
const DEEPEST = 32;

function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  for (let depth = 0; ; ) {
    scanner.scan();
    const at = scanner.getTokenOffset();
    const first = text[at];
    if (first === undefined) return undefined;
    if (first === "{" || first === "[") depth += 1;
    if (first === "}" || first === "]") depth -= 1;
    if (depth > DEEPEST) return at;
  }
}

/** Objects have no prototype, so that `__proto__` is a key like any other. */
function plainValue(node: Node, onTwice: (key: Node) => void): unknown {
  if (node.type === "array") return (node.children ?? []).map((child) => plainValue(child, onTwice));
  if (node.type !== "object") return node.value;
  const object: Record<string, unknown> = Object.create(null);
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    if (Object.hasOwn(object, key.value)) onTwice(key);
    object[key.value] = plainValue(value, onTwice);
  }
  return object;
}

function nodeAt(root: Node | undefined, location: Location): Node | undefined {
  for (let length = location.length; root !== undefined && length > 0; length--) {
    const node = findNodeAtLocation(root, location.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** `PropertyNameExpected` as `property name expected`. */
function describe(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}
