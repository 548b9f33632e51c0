// Imports point one way. Which room of the library and of the command line may use which others; a room that is not in
// this table fails the check, so that the table stays the map. Within a room everything may be used; so may the files
// beside the rooms (`error.ts`), which themselves use only what stands here for them. Tests are free.

import fs from "node:fs";
import path from "node:path";
import { root } from "../step.mjs";

/** What a plan is made of. */
const PARTS = [
  "text",
  "files",
  "protection",
  "capability",
  "command",
  "landlock",
  "native",
  "place",
  "seatbelt",
  "seccomp",
];

/** @type {Record<string, { entries: string[], beside: string[], rooms: Record<string, string[]> }>} by source directory */
const MAP = {
  "packages/core/src": {
    entries: ["index.ts", "internal.ts"],
    beside: ["text"],
    rooms: {
      text: [],
      files: ["text"],
      protection: ["text"],
      capability: ["text", "files", "protection"],
      command: ["text", "files", "capability"],
      environment: ["text", "capability"],
      place: [],
      native: ["text", "files"],
      landlock: ["text", "files", "protection", "capability"],
      seatbelt: ["text", "files", "protection", "capability"],
      seccomp: ["text", "protection", "capability"],
      plan: [...PARTS, "environment"],
      process: [...PARTS, "environment", "plan"],
      supervisor: [...PARTS, "environment", "plan", "process"],
      query: [...PARTS, "plan"],
      keystore: ["text", "files", "command", "native"],
      descriptor: ["text", "native"],
      hash: [],
      snapshot: ["text", "files", "native", "hash"],
      audit: ["text", "files", "native", "hash"],
      socket: ["text", "native", "process", "descriptor"],
      terminal: ["native", "process", "descriptor"],
      support: [...PARTS, "environment", "plan", "process"],
    },
  },
  "packages/cli/src": {
    entries: ["main.ts"],
    beside: ["text", "args"],
    rooms: {
      text: [],
      args: ["text"],
      policy: ["text"],
      session: ["text"],
      secret: ["text", "args", "policy"],
      guard: ["text", "policy"],
      sandbox: ["text", "args", "policy", "session", "guard", "secret"],
      report: ["text", "policy", "sandbox"],
      register: ["text", "session"],
      control: ["text", "register"],
      terminal: [],
      approval: ["text", "terminal", "policy", "control"],
      learn: ["text", "args", "policy", "sandbox", "report"],
      run: ["text", "args", "policy", "session", "sandbox", "report", "approval"],
      rollback: ["text", "args", "policy", "session", "guard", "sandbox", "run"],
      audit: ["text", "policy", "session", "sandbox", "approval", "run", "rollback"],
      ui: [
        "text",
        "terminal",
        "args",
        "policy",
        "sandbox",
        "report",
        "learn",
        "approval",
        "register",
        "rollback",
        "audit",
      ],
      completion: ["text", "args"],
      commands: [
        "text",
        "terminal",
        "args",
        "policy",
        "sandbox",
        "report",
        "learn",
        "approval",
        "run",
        "rollback",
        "audit",
        "ui",
        "secret",
        "session",
        "register",
        "control",
        "completion",
      ],
    },
  },
};

const problems = Object.keys(MAP).flatMap((directory) =>
  fs
    .readdirSync(path.join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap((file) =>
      problemsOf(directory, file).map((problem) => `${path.join(directory, file)}: ${problem}`),
    ),
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/**
 * @param {string} directory
 * @param {string} file relative to it
 * @returns {string[]}
 */
function problemsOf(directory, file) {
  const { entries, beside, rooms } = MAP[directory] ?? { entries: [], beside: [], rooms: {} };
  if (entries.includes(file)) return [];
  const room = roomOf(file);
  const allowed = room === undefined ? beside : rooms[room];
  if (allowed === undefined) return [`the room ${room} is not in the table of scripts/lint/rooms.mjs`];

  const text = fs.readFileSync(path.join(root, directory, file), "utf8");
  return importsOf(text).flatMap((specifier) => {
    if (!specifier.startsWith(".")) return isForeign(specifier) ? [`${specifier}: ${FOREIGN}`] : [];
    const target = path.normalize(path.join(path.dirname(file), specifier));
    if (target.startsWith("..")) return [`${specifier} leaves the package: use it by its name`];
    if (entries.includes(target)) return [`${specifier} is what others import`];
    const used = roomOf(target);
    const may = used === undefined || used === room || allowed.includes(used);
    return may ? [] : [`${room ?? "a file beside the rooms"} may not use ${used}`];
  });
}

const FOREIGN = "only node: modules and the public entries of packages run everywhere";

/** @param {string} specifier */
function isForeign(specifier) {
  return (
    specifier.startsWith("bun") || (specifier.startsWith("nono-ts/") && specifier !== "nono-ts/internal")
  );
}

/**
 * @param {string} file relative to the source directory
 * @returns {string | undefined} its first folder
 */
function roomOf(file) {
  return file.includes(path.sep) ? file.slice(0, file.indexOf(path.sep)) : undefined;
}

/**
 * @param {string} source
 * @returns {string[]} what it imports, exports from, or imports when called
 */
function importsOf(source) {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}
