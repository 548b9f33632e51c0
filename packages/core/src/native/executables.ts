// Directories of executables, looked at by the addon: a name costs it a tenth of what it costs node:fs.

import type { CanonicalPath } from "../files/canonical-path.ts";
import type { Identity } from "../files/file-view.ts";
import { bytesOf, textOf } from "../text/bytes.ts";
import type { Addon } from "./addon.ts";

type Present = Readonly<{ name: string; kind: "directory" | "link" | "file" | "shared" }>;

/** By the numbers of the addon. */
const KINDS = [undefined, "directory", "link", "file", "shared"] as const;

/** As the interface `ExecutablesIn` of the commands has it. */
export function nativeExecutables(native: Addon) {
  return {
    present(asked: readonly string[]): (directory: CanonicalPath) => readonly Present[] {
      const names = asked.filter((name) => !name.includes("\0")); // no file has such a name
      const bytes = bytesOf(names.map((name) => `${name}\0`).join(""));
      return (directory) => {
        const present: Present[] = [];
        for (const [index, number] of native.kindsOfNames(bytesOf(directory), bytes)?.entries() ?? []) {
          const kind = KINDS[number];
          if (kind !== undefined) present.push({ name: names[index] as string, kind });
        }
        return present;
      };
    },

    namesBehind(directory: CanonicalPath, kind: "link" | "file", objects: readonly Identity[]) {
      const wanted = BigUint64Array.from(objects.flatMap(({ device, inode }) => [device, inode]));
      const found = native.namesBehind(bytesOf(directory), kind === "link", new Uint8Array(wanted.buffer));
      return found.flatMap((object, index) => {
        const name = found[index + 1];
        return typeof object === "number" && name instanceof Uint8Array
          ? [{ name: textOf(name), object }]
          : [];
      });
    },
  };
}
