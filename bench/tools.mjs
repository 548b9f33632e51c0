// Real tools at real work, for `supervise`: a repository of 500 files, a project that compiles, a package that installs.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "./place.mjs";

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {() => void} prepare before each run, not timed
 * @property {readonly string[]} command in the project
 * @property {boolean} guarded also measured under the workspace guard
 */

/**
 * @param {string} project made here
 * @param {NodeJS.ProcessEnv} env
 * @returns {Tool[]}
 */
export function furnishTools(project, env) {
  fs.mkdirSync(project);
  /** @param {string} file @param {readonly string[]} args @param {string} [cwd] */
  const run = (file, args, cwd = project) => execFileSync(file, args, { cwd, env, stdio: "ignore" });
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"];

  for (let index = 0; index < 500; index++) {
    const directory = path.join(project, "src", `d${index % 20}`);
    fs.mkdirSync(directory, { recursive: true });
    const source = `export const value${index}: number = ${index};\nexport function twice${index}(n: number): number {\n  return n * 2;\n}\n`;
    fs.writeFileSync(path.join(directory, `f${index}.ts`), source);
  }
  fs.writeFileSync(
    path.join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { noEmit: true, strict: true }, include: ["src"] }),
  );
  furnishPackage(project, run);
  run("git", ["init", "-q", "."]);
  fs.writeFileSync(path.join(project, ".gitignore"), "node_modules/\n");
  run("git", ["add", "-A"]);
  run("git", [...identity, "commit", "-qm", "start"]);

  const commits = `for i in $(seq 100); do echo $i > counter; git add counter; git ${identity.join(" ")} commit -qm $i; done`;
  return [
    {
      name: "git status",
      prepare: () => undefined,
      command: ["git", "status", "--porcelain"],
      guarded: true,
    },
    {
      name: "grep -r",
      prepare: () => undefined,
      command: ["grep", "-rc", "value499:", "src/d19"],
      guarded: false,
    },
    {
      name: "tsc",
      prepare: () => undefined,
      command: [process.execPath, path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."],
      guarded: false,
    },
    {
      name: "npm ci",
      prepare: () => fs.rmSync(path.join(project, "node_modules"), { recursive: true, force: true }),
      command: ["npm", "ci", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
      guarded: true,
    },
    { name: "100 git commits", prepare: () => undefined, command: ["sh", "-c", commits], guarded: true },
  ];
}

/**
 * A dependency of 300 files, from a tarball.
 *
 * @param {string} project
 * @param {(file: string, args: readonly string[], cwd?: string) => unknown} run
 */
function furnishPackage(project, run) {
  const dependency = path.join(project, "..", "dependency");
  fs.mkdirSync(dependency);
  fs.writeFileSync(
    path.join(dependency, "package.json"),
    JSON.stringify({ name: "dependency", version: "1.0.0" }),
  );
  for (let index = 0; index < 300; index++)
    fs.writeFileSync(path.join(dependency, `m${index}.js`), `module.exports = ${index};\n`);
  run("npm", ["pack", "--silent", "--pack-destination", project], dependency);
  fs.writeFileSync(
    path.join(project, "package.json"),
    JSON.stringify({
      name: "project",
      version: "1.0.0",
      dependencies: { dependency: "file:dependency-1.0.0.tgz" },
    }),
  );
  run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
}
