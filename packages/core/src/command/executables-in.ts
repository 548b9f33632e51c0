// What directories of executables hold, as far as blocking commands needs to know. They are large: every question is
// asked once for all of them.

import { type CanonicalPath, childOf } from "../files/canonical-path.ts";
import { type EntryKind, type FileView, type Identity, sameFile } from "../files/file-view.ts";

/** A name, and which of the objects that were asked about it leads to. */
export type NameBehind = Readonly<{ name: string; object: number }>;

/** A name in a directory. `shared`: a file that has further names. */
export type NamePresent = Readonly<{ directory: CanonicalPath; name: string; kind: EntryKind | "shared" }>;

export interface ExecutablesIn {
  /** Those of the names that are in one of the directories, by their order; links are not followed. */
  present(): readonly NamePresent[];
  /** By which links of the directories, or else by which of their files, the objects are reached. */
  namesBehind(kind: "link" | "file", objects: readonly Identity[]): readonly NameBehind[];
}

/** From a file system that is looked at name by name. */
export function executablesOf(
  view: FileView,
  directories: readonly CanonicalPath[],
  names: readonly string[],
): ExecutablesIn {
  return {
    present: () =>
      directories.flatMap((directory) =>
        names.flatMap((name) => {
          const path = childOf(directory, name);
          const kind = view.kindOf(path);
          if (kind === "missing") return [];
          const shared = kind === "file" && (view.identityOf(path)?.links ?? 1n) > 1n;
          return [{ directory, name, kind: shared ? "shared" : kind }];
        }),
      ),

    namesBehind: (kind, objects) =>
      directories.flatMap((directory) =>
        (view.list(directory) ?? [])
          .filter((entry) => entry.kind === kind)
          .flatMap(({ name }) => {
            const identity = view.identityBehind(childOf(directory, name));
            return objects.flatMap((other, object) => (sameFile(identity, other) ? [{ name, object }] : []));
          }),
      ),
  };
}
