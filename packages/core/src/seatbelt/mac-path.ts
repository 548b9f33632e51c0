// Under which name macOS knows a path. The kernel asks Seatbelt by the real path of what it found: `/tmp`, `/etc` and
// `/var` are links into `/private`, and what lies on the data volume is named by its firmlink (`/Users`, not
// `/System/Volumes/Data/Users`; apfs.util(8), /usr/share/firmlinks). A path that was resolved on a Mac is in this form
// already, so nothing changes there; one from elsewhere, or one that does not exist yet, is brought into it.

import { type CanonicalPath, isWithin } from "../files/canonical-path.ts";

const MOVED = ["/tmp", "/etc", "/var"].map((path) => [path, `/private${path}`] as [CanonicalPath, string]);

/** The other name of what lies behind firmlinks. */
export const DATA_VOLUME = "/System/Volumes/Data" as CanonicalPath;

export function macPath(path: CanonicalPath): CanonicalPath {
  const plain = isWithin(path, DATA_VOLUME) ? path.slice(DATA_VOLUME.length) || "/" : path;
  const moved = MOVED.find(([from]) => isWithin(plain as CanonicalPath, from));
  return (moved === undefined ? plain : moved[1] + plain.slice(moved[0].length)) as CanonicalPath;
}
