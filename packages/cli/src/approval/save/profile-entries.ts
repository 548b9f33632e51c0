// What a profile has to say, so that a request is granted from the start.

import type { Profile } from "../../policy/form/profile-form.ts";
import { type NamedPlaces, pathText } from "../../policy/path-text.ts";
import type { ApprovalRequest } from "../request.ts";

type Filesystem = NonNullable<Profile["filesystem"]>;
/** Keys whose values are lists of paths or patterns. */
type ListKey = Exclude<keyof Filesystem, "create_file">;

/** Whether there is a directory at a path. */
export type IsDirectory = (path: string) => boolean;

export function profileEntries(
  requests: readonly ApprovalRequest[],
  places: NamedPlaces,
  isDirectory: IsDirectory,
): Profile {
  const filesystem: { -readonly [K in ListKey]?: string[] } = {};
  for (const request of requests) {
    const path = request.covers.file;
    const key = keyOf(request, isDirectory(path));
    const plain = pathText(path, places);
    const text = key === "allow_pattern" ? namesBeginningWith(plain) : plain;
    const list = (filesystem[key] ?? []) as string[];
    if (!list.includes(text)) filesystem[key] = [...list, text];
  }
  return { filesystem };
}

/** The form of profiles asks for a wildcard: what the file is saved by, such as `NAME.tmp`, is in it as well. */
function namesBeginningWith(path: string): string {
  const name = path.lastIndexOf("/") + 1;
  return `${path.slice(0, name)}${path.slice(name).replace(/[*?\\]/g, "\\$&")}*`;
}

function keyOf({ access, operation }: ApprovalRequest, directory: boolean): ListKey {
  switch (access) {
    case "read":
    case "execute":
      return directory ? "read" : "read_file";
    case "write":
      return directory ? "write" : "write_file";
    case "read+write":
      return directory ? "allow" : "allow_file";
    case "create":
      // A file that is not there has nothing that a grant could stand on; its name has.
      return "allow_pattern";
    case "connect":
      return operation === "bind" ? "unix_socket_bind" : "unix_socket";
  }
}
