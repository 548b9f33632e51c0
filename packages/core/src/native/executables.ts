// Directories of executables, looked at by the addon: a name costs it a tenth of what it costs node:fs.

import type { CanonicalPath } from "../files/canonical-path.ts";
import type { Identity } from "../files/file-view.ts";
import { bytesOf, textOf } from "../text/bytes.ts";
import type { Addon } from "./addon.ts";

type Present = Readonly<{
  directory: CanonicalPath;
  name: string;
  kind: "directory" | "link" | "file" | "shared";
}>;

/** By the numbers of the addon. */
const KINDS = [undefined, "directory", "link", "file", "shared"] as const;

/** As the interface `ExecutablesIn` of the commands has it. The looking begins at once, and whoever asks waits for its end. */
export function nativeExecutables(
  native: Addon,
  directories: readonly CanonicalPath[],
  asked: readonly string[],
) {
  const names = asked.filter((name) => !name.includes("\0")); // no file has such a name
  const look = native.lookForExecutables(listOf(directories), listOf(names));
  return {
    present(): readonly Present[] {
      const found = native.namesPresent(look);
      const present: Present[] = [];
      for (let at = 0; at < found.length; at += 12) {
        const kind = KINDS[found.readUInt32LE(at + 8)];
        const [directory, name] = [directories[found.readUInt32LE(at)], names[found.readUInt32LE(at + 4)]];
        if (kind !== undefined && directory !== undefined && name !== undefined)
          present.push({ directory, name, kind });
      }
      return present;
    },

    namesBehind(kind: "link" | "file", objects: readonly Identity[]) {
      const wanted = BigUint64Array.from(objects.flatMap(({ device, inode }) => [device, inode]));
      const found = native.namesBehind(look, kind === "link", new Uint8Array(wanted.buffer));
      return found.flatMap((object, index) => {
        const name = found[index + 1];
        return typeof object === "number" && name instanceof Uint8Array
          ? [{ name: textOf(name), object }]
          : [];
      });
    },
  };
}

/** With a NUL behind each. */
function listOf(texts: readonly string[]): Buffer {
  return bytesOf(texts.map((text) => `${text}\0`).join(""));
}
