// The formula for Homebrew, without Homebrew: a stand-in for what it uses of it installs an unpacked archive and runs its
// test. What a real one does beside, only Homebrew can tell.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root } from "../step.mjs";
import { writeFormula } from "./homebrew.mjs";
import { VERSION } from "./version.mjs";

const URL = "https://example.org/releases";

/**
 * @param {import("./platforms.mjs").Platform} platform that this is
 * @param {string} release holds its archive
 * @param {string} place an empty directory, which the user may write
 * @param {(argv: readonly string[], cwd: string) => string} run as the user
 */
export function proveFormula(platform, release, place, run) {
  const { name, os, cpu } = platform;
  const archive = `nono-${VERSION}-${name}.tar.gz`;
  fs.symlinkSync(path.join(release, archive), path.join(place, archive));
  writeFormula([platform], URL, place);
  run(["tar", "-xzf", archive], place);
  const prefix = path.join(place, "prefix");
  const standIn = path.join(root, "scripts/release/formula-stand-in.rb");
  const words = ["ruby", standIn, path.join(place, "nono.rb"), os, cpu, prefix];
  const said = run(words, path.join(place, `nono-${VERSION}-${name}`));
  const digest = createHash("sha256")
    .update(fs.readFileSync(path.join(release, archive)))
    .digest("hex");
  if (said !== `${URL}/${archive}\n${digest}\n`) throw new Error(said);
  for (const file of ["bin/nono", "share/man/man1/nono-run.1", "etc/bash_completion.d/nono"])
    fs.accessSync(path.join(prefix, file));
  const started = run([path.join(prefix, "bin/nono"), "run", "-s", "--", "echo", "started"], place);
  if (started !== "started\n") throw new Error(started);
}
