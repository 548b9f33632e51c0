// Builds everything: the C of packages/native, the executable dist/nono with its companions beside it, and the
// JavaScript of the library and the command line. What has not changed is not built again.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { bunExecutable } from "./bun.mjs";
import { COMPILE, RUNTIME } from "./compile.mjs";
import { sayAsNono } from "./runtime-messages.mjs";
import { obeyNoVariables } from "./runtime-variables.mjs";
import { fail, root, step } from "./step.mjs";

/** What is started, what that needs in its own directory, and where each is made. */
const COMPANIONS = {
  nono: "packages/native/dist/nono",
  "nono-launch": "packages/native/dist/nono-launch",
  "nono.node": "packages/native/dist/nono.node",
  "keyring.node": keyringFile(),
};

if (!fs.existsSync(path.join(root, "node_modules"))) fail("the dependencies are not installed: run npm ci");

timed("packages/native/dist", () => step(process.execPath, ["packages/native/scripts/build.mjs"]));
for (const [name, from] of Object.entries(COMPANIONS)) copyCompanion(name, from);
compileRuntime();
timed("packages/{core,cli}/dist", () =>
  step(process.execPath, ["node_modules/typescript/bin/tsc", "--build", "packages/cli"]),
);

/** The compiled half of @napi-rs/keyring: npm has installed the one for this system. */
function keyringFile() {
  const platform = `node_modules/@napi-rs/keyring-${process.platform}-${process.arch}`;
  const directory = [`${platform}-gnu`, `${platform}-musl`, platform].find((one) =>
    fs.existsSync(path.join(root, one)),
  );
  if (directory === undefined) return fail(`${platform} is not installed: run npm ci`);
  const { main } = JSON.parse(fs.readFileSync(path.join(root, directory, "package.json"), "utf8"));
  return path.join(directory, main);
}

/**
 * @param {string} name
 * @param {string} from relative to the repository
 */
function copyCompanion(name, from) {
  const to = path.join(root, "dist", name);
  const built = fs.readFileSync(path.join(root, from));
  if (fs.existsSync(to) && fs.readFileSync(to).equals(built)) return;
  replaceFile(to, (temporary) => fs.copyFileSync(from, temporary));
}

/** The command line itself, with the JavaScript runtime in it. `dist/nono` becomes it. */
function compileRuntime() {
  const executable = path.join(root, "dist", RUNTIME);
  const stamp = path.join(root, "node_modules/.cache/nono-executable");
  const wanted = digestOfSources();
  if (fs.existsSync(executable) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) {
    console.log(`dist/${RUNTIME}: up to date`);
    return;
  }
  timed(`dist/${RUNTIME}`, () => {
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    replaceFile(executable, (temporary) => {
      const entry = path.join(root, "packages/cli/src/main.ts");
      // Bun leaves its half-made file in the working directory.
      step(bunExecutable(), [...COMPILE, entry, "--outfile", temporary], {
        cwd: path.dirname(stamp),
        quiet: true,
      });
      sayAsNono(temporary);
      obeyNoVariables(temporary);
    });
    fs.writeFileSync(stamp, wanted);
  });
}

/** Names what the executable is made from: every source, the locked dependencies, and how it is compiled. */
function digestOfSources() {
  const hash = crypto.createHash("sha256").update(JSON.stringify(COMPILE));
  const sources = ["packages/core/src", "packages/cli/src"].flatMap((directory) =>
    fs
      .readdirSync(path.join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|json)$/.test(name) && !name.endsWith(".test.ts"))
      .map((name) => path.join(directory, name)),
  );
  const manifests = [
    "scripts/compile.mjs",
    "scripts/runtime-messages.mjs",
    "scripts/runtime-variables.mjs",
    "package-lock.json",
    "packages/core/package.json",
    "packages/cli/package.json",
  ];
  for (const file of [...sources.sort(), ...manifests]) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

/**
 * A running executable cannot be written to, and nobody shall start half of one: made beside and renamed.
 *
 * @param {string} file
 * @param {(temporary: string) => void} make
 */
function replaceFile(file, make) {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    make(temporary);
    fs.renameSync(temporary, file);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/**
 * @param {string} product
 * @param {() => void} make
 */
function timed(product, make) {
  const start = performance.now();
  make();
  console.log(`${product}: ready in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
