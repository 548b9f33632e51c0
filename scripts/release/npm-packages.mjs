// Packages for npm. `nono-ts` and `nono` are the same everywhere; what differs lies in packages of which npm installs the
// one that fits. No script runs when they are installed.

import fs from "node:fs";
import path from "node:path";
import { bunExecutable } from "../bun.mjs";
import { root, step } from "../step.mjs";
import { VERSION } from "./version.mjs";

/** @typedef {import("./platforms.mjs").Platform} Platform */

const LIBRARY = path.join(root, "packages/core");
const KEYRING = "@napi-rs/keyring";
/** In CommonJS there is no import.meta. */
const URL_OF_MODULE = 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * The library, as ES modules and as CommonJS.
 *
 * @param {string} output
 * @param {readonly Platform[]} platforms
 */
export function packLibrary(output, platforms) {
  pack(output, "nono-ts", (directory) => {
    const dist = path.join(directory, "dist");
    bundle(path.join(dist, "index.js"), ["--format=esm"]);
    bundle(path.join(dist, "cjs/index.js"), [
      "--format=cjs",
      "--define=import.meta.url=moduleUrl",
      `--banner=${URL_OF_MODULE}`,
    ]);
    copyTypes(dist);
    copyTypes(path.join(dist, "cjs"));
    writeJson(path.join(dist, "cjs/package.json"), { type: "commonjs" });
    fs.copyFileSync(path.join(root, "docs/library.md"), path.join(directory, "README.md"));

    const manifest = readJson(path.join(LIBRARY, "package.json"));
    return {
      ...common(manifest),
      type: "module",
      sideEffects: false,
      main: "./dist/cjs/index.js",
      types: "./dist/cjs/index.d.ts",
      exports: {
        ".": {
          import: { types: "./dist/index.d.ts", default: "./dist/index.js" },
          require: { types: "./dist/cjs/index.d.ts", default: "./dist/cjs/index.js" },
        },
        "./package.json": "./package.json",
      },
      engines: manifest.engines,
      optionalDependencies: versions(platforms.map(({ name }) => `nono-native-${name}`)),
      // As large as all the rest: only for those who read secrets from the system's keystore.
      peerDependencies: { [KEYRING]: manifest.dependencies[KEYRING] },
      peerDependenciesMeta: { [KEYRING]: { optional: true } },
    };
  });
}

/**
 * The command: a few lines, of shell and of JavaScript, that become the executable of this platform.
 *
 * @param {string} output
 * @param {readonly Platform[]} platforms
 */
export function packCommand(output, platforms) {
  pack(output, "nono", (directory) => {
    fs.mkdirSync(path.join(directory, "bin"));
    fs.copyFileSync(path.join(root, "scripts/release/nono.sh"), path.join(directory, "bin/nono"));
    fs.chmodSync(path.join(directory, "bin/nono"), 0o755);
    fs.copyFileSync(path.join(root, "README.md"), path.join(directory, "README.md"));
    return {
      ...common(readJson(path.join(root, "packages/cli/package.json"))),
      bin: { nono: "bin/nono" },
      optionalDependencies: versions(platforms.map(({ name }) => `nono-${name}`)),
    };
  });
}

/**
 * What differs: for the library, and for the command.
 *
 * @param {Platform} platform
 * @param {string} built
 * @param {string} output
 */
export function packPlatform({ name, os, cpu, libc }, built, output) {
  const forOne = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }), preferUnplugged: true };
  const contents = {
    [`nono-native-${name}`]: ["nono-launch", "nono.node"],
    [`nono-${name}`]: fs.readdirSync(built).sort(),
  };
  for (const [packed, files] of Object.entries(contents))
    pack(output, packed, (directory) => {
      for (const file of files) fs.copyFileSync(path.join(built, file), path.join(directory, file));
      const description = `what ${packed.startsWith("nono-native") ? "nono-ts" : "nono"} needs on ${name}`;
      return { name: packed, version: VERSION, description, license: "Apache-2.0", ...forOne };
    });
}

/**
 * @param {string} output
 * @param {string} name
 * @param {(directory: string) => object} fill puts the files there; @returns the manifest
 */
function pack(output, name, fill) {
  const directory = path.join(output, "work/npm", name);
  fs.mkdirSync(directory, { recursive: true });
  writeJson(path.join(directory, "package.json"), fill(directory));
  fs.copyFileSync(path.join(root, "LICENSE"), path.join(directory, "LICENSE"));
  step("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", output], {
    cwd: directory,
    quiet: true,
  });
}

/** @param {string} file @param {readonly string[]} args */
function bundle(file, args) {
  const entry = path.join(LIBRARY, "src/index.ts");
  // Names stay: of what is installed twice, a tenth is blanks.
  const all = [
    "build",
    entry,
    "--target=node",
    "--packages=external",
    "--conditions=source",
    "--minify-whitespace",
    ...args,
  ];
  step(bunExecutable(), [...all, `--outfile=${file}`], { quiet: true });
}

/** Those that the public ones are made of: the others would be a fifth of the package. @param {string} to */
function copyTypes(to) {
  const from = path.join(LIBRARY, "dist");
  for (const name of typesFrom(from, "index.d.ts")) {
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    fs.copyFileSync(path.join(from, name), path.join(to, name));
  }
}

/** A file of types and all that it leads to. @param {string} directory @param {string} first @returns {Iterable<string>} */
function typesFrom(directory, first) {
  const found = new Set([first]);
  // It grows while it is walked.
  for (const name of found) {
    const text = fs.readFileSync(path.join(directory, name), "utf8");
    for (const [, target = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.[jt]s"/g))
      found.add(path.join(path.dirname(name), `${target}.d.ts`));
  }
  return found;
}

/** @param {any} manifest */
function common({ name, description, license }) {
  return { name, version: VERSION, description, license };
}

/** @param {readonly string[]} names */
function versions(names) {
  return Object.fromEntries(names.map((name) => [name, VERSION]));
}

/** @param {string} file @returns {any} */
function readJson(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** @param {string} file @param {object} value */
function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
