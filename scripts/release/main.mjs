// Everything that people install, made in one directory: packages for npm, archives, Debian packages and their digests.
// Nothing is published: that is done by hand, with what lies there. Two builds of one commit are the same, byte for byte.
//
//   npm run release -- --dry-run [--output DIR] [--platform NAME]... [--url WHERE-IT-WILL-LIE]

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { RUNTIME } from "../compile.mjs";
import { fail, root, step } from "../step.mjs";
import { packArchive } from "./archive.mjs";
import { billOfMaterials } from "./bill-of-materials.mjs";
import { packDebian } from "./debian.mjs";
import { writeDigests } from "./digests.mjs";
import { buildExecutable } from "./executable.mjs";
import { writeFormula } from "./homebrew.mjs";
import { fetchKeyring } from "./keyring.mjs";
import { buildNatives } from "./natives.mjs";
import { packCommand, packLibrary, packPlatform } from "./npm-packages.mjs";
import { PLATFORMS } from "./platforms.mjs";

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    url: { type: "string" },
    output: { type: "string", default: path.join(root, "dist/release") },
    platform: { type: "string", multiple: true, default: PLATFORMS.map(({ name }) => name) },
  },
});
if (!values["dry-run"]) fail("nothing is published by this script: say --dry-run, and publish what it makes");
const platforms = values.platform.map(
  (name) =>
    PLATFORMS.find((one) => one.name === name) ??
    fail(`no platform ${name}: one of ${PLATFORMS.map((one) => one.name).join(", ")}`),
);

// The time that everything is said to be of: that of the commit.
process.env.SOURCE_DATE_EPOCH ??= execFileSync("git", ["log", "-1", "--format=%ct"], {
  cwd: root,
  encoding: "utf8",
}).trim();

step(process.execPath, ["scripts/build.mjs"]);
const output = path.resolve(values.output);
fs.rmSync(output, { recursive: true, force: true });
const work = path.join(output, "work");
fs.mkdirSync(work, { recursive: true });

const bill = billOfMaterials();
const shared = path.join(work, "shared");
// Reads what has just been built.
const { writeManual } = await import("./manual.mjs");
writeManual(path.join(shared, "share/man/man1"));
for (const shell of ["bash", "zsh", "fish"]) {
  const script = execFileSync(process.execPath, ["packages/cli/bin/nono.mjs", "completion", shell], {
    cwd: root,
  });
  fs.mkdirSync(path.join(shared, "share/completions"), { recursive: true });
  fs.writeFileSync(path.join(shared, "share/completions", `nono.${shell}`), script);
}
fs.writeFileSync(path.join(shared, "bom.cdx.json"), bill);
for (const name of ["LICENSE", "README.md"]) fs.copyFileSync(path.join(root, name), path.join(shared, name));

packLibrary(output, PLATFORMS);
packCommand(output, PLATFORMS);
for (const platform of platforms) {
  const built = path.join(work, platform.name);
  fs.mkdirSync(built, { recursive: true });
  buildNatives(platform, built);
  buildExecutable(platform, path.join(built, platform.os === "linux" ? RUNTIME : "nono"));
  fetchKeyring(platform, path.join(built, "keyring.node"), work);
  packPlatform(platform, built, output);
  packArchive(platform, built, shared, output);
  if (platform.debian !== undefined) packDebian(platform, built, shared, output);
  console.log(`${platform.name}: ready`);
}
fs.rmSync(work, { recursive: true });
if (values.url !== undefined) writeFormula(platforms, values.url, output);
writeDigests(output);
for (const line of fs.readFileSync(path.join(output, "SHA256SUMS"), "utf8").trimEnd().split("\n")) {
  const [, name = ""] = line.split("  ");
  console.log(`${(fs.statSync(path.join(output, name)).size / 1e6).toFixed(1).padStart(8)} MB  ${name}`);
}
