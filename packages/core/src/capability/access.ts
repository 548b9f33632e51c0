// How a path may be used.

/** Read includes listing and executing; write includes creating, removing, renaming and truncating. */
export const AccessMode = { Read: "read", Write: "write", ReadWrite: "read+write" } as const;
export type AccessMode = (typeof AccessMode)[keyof typeof AccessMode];

/** The two halves that an access mode is made of. */
export type AccessHalf = "read" | "write";

/** The halves that `mode` consists of. */
export function halvesOf(mode: AccessMode): readonly AccessHalf[] {
  return mode === "read+write" ? ["read", "write"] : [mode];
}

/** Whether `granted` is enough for `requested`. */
export function suffices(granted: AccessMode, requested: AccessMode): boolean {
  return granted === "read+write" || granted === requested;
}

/** The mode that holds everything in both. */
export function union(a: AccessMode, b: AccessMode): AccessMode {
  return a === b ? a : "read+write";
}
