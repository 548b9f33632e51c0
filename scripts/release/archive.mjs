// `nono-VERSION-PLATFORM.tar.gz`: for a system without npm. To be unpacked anywhere.

import fs from "node:fs";
import path from "node:path";
import { writeDigests } from "./digests.mjs";
import { tar } from "./tar.mjs";
import { VERSION } from "./version.mjs";

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} built
 * @param {string} shared
 * @param {string} output
 */
export function packArchive(platform, built, shared, output) {
  const name = `nono-${VERSION}-${platform.name}`;
  const parent = path.join(path.dirname(built), `${platform.name}.archive`);
  const directory = path.join(parent, name);
  fs.cpSync(shared, directory, { recursive: true });
  fs.cpSync(built, directory, { recursive: true });
  writeDigests(directory);
  tar(parent, name, path.join(output, `${name}.tar.gz`));
}
