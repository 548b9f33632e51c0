// Makes the TypeScript that holds the built-in groups and profiles from their commented sources, so that a start parses
// and validates nothing. `--check` only compares. Validation is in the tests.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse, printParseErrorCode } from "jsonc-parser";

const data = fileURLToPath(new URL("../src/policy/data/", import.meta.url));

/** The order in which profiles are listed; a source that is not named here is an error. */
const PROFILES = [
  "default",
  "claude-code",
  "opencode",
  "openclaw",
  "codex",
  "node-dev",
  "python-dev",
  "rust-dev",
  "go-dev",
  "java-dev",
];

function read(file) {
  const errors = [];
  const value = parse(readFileSync(path.join(data, file), "utf8"), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined)
    throw new Error(`${file}: ${printParseErrorCode(first.error)} at offset ${first.offset}`);
  return value;
}

function profiles() {
  const sources = readdirSync(path.join(data, "profiles"))
    .filter((file) => file.endsWith(".jsonc"))
    .map((file) => path.basename(file, ".jsonc"));
  const unlisted = sources.filter((name) => !PROFILES.includes(name));
  if (unlisted.length > 0) throw new Error(`not in the list of profiles: ${unlisted.join(", ")}`);
  return Object.fromEntries(PROFILES.map((name) => [name, read(`profiles/${name}.jsonc`)]));
}

function moduleOf({ source, type, form, name, what, value }) {
  return `// Made from ${source} by scripts/policy-data.mjs: change that file, then run it.
// biome-ignore-all format: it is made, not written
// biome-ignore-all lint/style/noExcessiveLinesPerFile: it is data

import type { ${type} } from "../form/${form}.ts";

/** ${what} */
export const ${name}: Readonly<Record<string, ${type}>> = ${JSON.stringify(value, null, 2)};
`;
}

const modules = {
  "groups.ts": moduleOf({
    source: "groups.jsonc",
    type: "Group",
    form: "group-form",
    name: "GROUPS",
    what: "The built-in groups, by name.",
    value: read("groups.jsonc"),
  }),
  "profiles.ts": moduleOf({
    source: "profiles/*.jsonc",
    type: "Profile",
    form: "profile-form",
    name: "PROFILES",
    what: "The built-in profiles, by name.",
    value: profiles(),
  }),
};

for (const [file, text] of Object.entries(modules)) {
  const target = path.join(data, file);
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text) {
    console.error(`${file} is not what its source says: run packages/cli/scripts/policy-data.mjs`);
    process.exitCode = 1;
  }
}
