// Every dependency has its reason, one line in CONTRIBUTING.md, and an exact version.

import fs from "node:fs";
import path from "node:path";
import { root } from "../step.mjs";

const repository = readManifest(".");
const manifests = [repository, ...repository.workspaces.map(readManifest)];
const own = new Set(manifests.map((manifest) => manifest.name));
const dependencies = new Map(
  manifests.flatMap(({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }),
  ),
);
const contributing = fs.readFileSync(path.join(root, "CONTRIBUTING.md"), "utf8");
const reasons = new Set([...contributing.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name = ""]) => name));

const problems = [
  ...[...dependencies]
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${name} ${version}: dependencies have exact versions`),
  ...[...dependencies.keys()]
    .filter((name) => !own.has(name) && !reasons.has(name))
    .map((name) => `${name} has no reason in CONTRIBUTING.md (a line "- \`${name}\`: …")`),
  ...[...reasons]
    .filter((name) => !dependencies.has(name))
    .map((name) => `CONTRIBUTING.md gives a reason for ${name}, which is no dependency`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param {string} directory */
function readManifest(directory) {
  return JSON.parse(fs.readFileSync(path.join(root, directory, "package.json"), "utf8"));
}
