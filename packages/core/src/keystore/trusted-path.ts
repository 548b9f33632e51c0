// Files that secrets come from, or programs that print them: only where nobody but the user, or root, could have put
// them. What a sandboxed command may write is no such place: it could make any of the user's files a "secret".

import { lstatSync } from "node:fs";
import { NonoError } from "../error.ts";
import { type CanonicalPath, canonicalize, isWithin } from "../files/canonical-path.ts";
import { distrustOf } from "../files/ownership.ts";
import { directoryOf } from "../files/path-names.ts";
import { fileName } from "../text/bytes.ts";

export type Trust = Readonly<{
  /** Whose files are trusted, beside root's. */
  uid: number;
  /** Directories that a sandboxed command may write, or may have written. */
  exposed: readonly CanonicalPath[];
}>;

/**
 * The file's real path.
 *
 * @param secret what the file is for, for messages
 * @throws NonoError `secret-untrusted`; `secret-unreadable` without the file
 */
export function trustedPath(file: string, secret: string, { uid, exposed }: Trust): CanonicalPath {
  const refuse = (path: string, why: string, remedy: string) =>
    new NonoError({ code: "secret-untrusted", secret, path, why, remedy });
  try {
    const real = canonicalize(file);
    const open = exposed.find((directory) => isWithin(real, directory));
    if (open !== undefined)
      throw refuse(real, `lies in ${open}, which a sandboxed command may write`, "move it elsewhere");
    for (let object: string = real; ; object = directoryOf(object)) {
      const distrust = distrustOf(lstatSync(fileName(object)), uid, object);
      if (distrust !== undefined) throw refuse(object, distrust.why, distrust.remedy);
      if (object === "/") return real;
    }
  } catch (error) {
    if (error instanceof NonoError) throw error;
    const reason = String((error as NodeJS.ErrnoException).code);
    throw new NonoError({ code: "secret-unreadable", secret, reason }, { cause: error });
  }
}
