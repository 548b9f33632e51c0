// Unlike existsSync, which says no when it does not know.

import { lstatSync } from "node:fs";
import { fileName } from "../text/bytes.ts";

/** Whether a name is there, not what a link leads to. @throws the file system's own error when that cannot be known */
export function isThere(file: string): boolean {
  return lstatSync(fileName(file), { throwIfNoEntry: false }) !== undefined;
}
