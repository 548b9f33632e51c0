// Whether what is made once more is the same, byte for byte, in another directory.

import fs from "node:fs";
import path from "node:path";
import { RUNTIME } from "../compile.mjs";
import { buildExecutable } from "./executable.mjs";
import { buildNatives } from "./natives.mjs";

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} unpacked its archive
 * @param {string} place an empty directory
 */
export function proveAgain(platform, unpacked, place) {
  buildNatives(platform, place);
  buildExecutable(platform, path.join(place, platform.os === "linux" ? RUNTIME : "nono"));
  const changed = fs
    .readdirSync(place)
    .filter(
      (name) => !fs.readFileSync(path.join(place, name)).equals(fs.readFileSync(path.join(unpacked, name))),
    );
  if (changed.length > 0) throw new Error(`not the same again: ${changed.join(", ")}`);
}
