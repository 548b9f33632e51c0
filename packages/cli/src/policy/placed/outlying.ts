// What belongs to one of nono's own directories and lies elsewhere, by a link that its user made.

import { readdirSync } from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";
import { isWithin, pathResolver, resolvePath } from "nono-ts/internal";

/**
 * @param directory canonical
 * @param below names of directories in it that are looked into as well
 * @returns canonical: what links in them lead to, and all that is in one of `below` that is such a link itself
 */
export function outlying(directory: CanonicalPath, below: readonly string[] = []): readonly CanonicalPath[] {
  const resolve = pathResolver();
  const within = (place: string) => entriesOf(place).map((name) => resolve(resolvePath(place, name)).path);
  const all = [within(directory), ...below.map((name) => within(resolvePath(directory, name)))].flat();
  return all.filter((path) => !isWithin(path, directory));
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(bytesOf(directory));
  } catch {
    return []; // whoever reads it says so
  }
}
