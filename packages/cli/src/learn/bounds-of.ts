// The bounds of what may be learned in one sandbox.

import type { CanonicalPath, FsDenial } from "nono-ts";
import { directoryOf, pathResolver } from "nono-ts/internal";
import type { Variables } from "../policy/variables.ts";
import { type Bounds, lineageOf } from "./bounds.ts";

type Asked = Readonly<{
  denials: readonly FsDenial[];
  protectedRoots: readonly CanonicalPath[];
  variables: Variables;
  /** The caller's TMPDIR, if there is one. */
  temporary: string | undefined;
}>;

/** Places that every user of the machine may write, and that nobody expects to last. */
const SHARED = ["/tmp", "/var/tmp"];

/** Files of processes: what they are called changes with each of them. */
const PROCESSES = "/proc" as CanonicalPath;

export function boundsOf({ denials, protectedRoots, variables, temporary }: Asked): Bounds {
  const resolve = pathResolver();
  const real = (path: string) => resolve(path).path;
  const [home, workdir, session] = [variables.HOME, variables.WORKDIR, variables.TMPDIR].map((path) =>
    real(path ?? "/"),
  ) as [CanonicalPath, CanonicalPath, CanonicalPath];
  const deniedFor = (half: "read" | "write") =>
    denials
      .filter(({ access, asks }) => asks === undefined && (access === "read+write" || access === half))
      .map(({ path }) => path);
  const always = [PROCESSES, ...protectedRoots];
  return {
    denied: { read: [...always, ...deniedFor("read")], write: [...always, ...deniedFor("write")] },
    guarded: denials.filter(({ asks }) => asks !== undefined).map(({ path }) => path),
    tooWide: lineageOf(home),
    temporary: [...SHARED, ...(temporary?.startsWith("/") ? [temporary] : []), directoryOf(session)].map(
      real,
    ),
    work: [workdir, home],
  };
}
