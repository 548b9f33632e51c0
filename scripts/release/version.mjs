// The version of everything that is packed.

import fs from "node:fs";
import path from "node:path";
import { root } from "../step.mjs";

/** @type {string} */
export const VERSION = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).version;
