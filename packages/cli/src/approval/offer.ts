// Which requests may be put to a person at all, and how. What is never granted is not asked about: no answer could be a
// yes, and a person who is asked often enough gives one.

import {
  AccessMode,
  type CanonicalPath,
  type QueriedPlan,
  queryPath,
  type Request,
  type RequestedPath,
} from "nono-ts";
import { baseNameOf, directoryOf, isWithin } from "nono-ts/internal";
import type { Access, ApprovalRequest, Covers } from "./request.ts";

export type Offer = Omit<ApprovalRequest, "id">;

export type Bounds = Readonly<{
  session: string;
  plan: QueriedPlan;
  /** nono's own places. */
  protectedRoots: readonly CanonicalPath[];
  /** The files that the policy was made from. */
  policyFiles: readonly string[];
  /** Whether there is a directory at a path. */
  isDirectory: (path: CanonicalPath) => boolean;
}>;

/** Processes outside, and terminals: on one of them questions are answered. */
const NEVER = [
  "/proc",
  "/dev/pts",
  "/dev/ptmx",
  "/dev/tty",
  "/dev/console",
] as readonly string[] as readonly CanonicalPath[];

const GUARDIAN = "nono-launch";

/**
 * One for each path that a yes is needed for: all of them together allow the request. None: refused without a question.
 */
export function offersOf(request: Request, bounds: Bounds): readonly Offer[] {
  const subjects = subjectsOf(request, bounds);
  const offers = subjects.map((subject) => offerOf(request, subject, bounds));
  return offers.every((offer) => offer !== undefined) ? offers : [];
}

function offerOf(request: Request, { target, access, others }: Subject, bounds: Bounds): Offer | undefined {
  if ([target, ...others].some(({ path }) => isNever(path, access, bounds))) return undefined;
  // What may not be read where it is must not come to lie where it may.
  const modes = "to" in request ? BOTH : modesOf(access);
  const verdicts = [target, ...others].map(({ path }) => verdictOf(path, modes, bounds));
  const held = request.reason === "holds-denial" ? heldVerdict(target.path, bounds) : undefined;
  if ([...verdicts, held].includes("never")) return undefined;
  const runsLater = [...verdicts, held].find((verdict) => verdict !== undefined);
  return {
    session: bounds.session,
    process: processOf(request),
    operation: request.operation,
    access,
    path: target.path,
    asked: target.given,
    viaLink: target.throughLink,
    ...otherOf(request, target),
    ...(runsLater === undefined ? {} : { runsLater }),
    covers: coversOf(request, target, runsLater === undefined, bounds),
  };
}

type Subject = Readonly<{ target: RequestedPath; access: Access; others: readonly RequestedPath[] }>;

function subjectsOf(request: Request, bounds: Bounds): readonly Subject[] {
  const one = (target: RequestedPath | undefined, access: Access) =>
    target === undefined ? [] : [{ target, access, others: [] }];
  // A blocked command: the kernel decides again, and no answer changes its rules.
  if (request.reason === "blocked-command") return [];
  switch (request.operation) {
    case "open":
      return one(request.target, accessOfOpen(request));
    case "rename":
    case "link":
      return movedOf(request, bounds);
    case "connect":
    case "send":
      // Addresses are granted before the start.
      return one(request.target, "connect");
    case "bind":
      return one(request.target, "connect");
    case "execute":
    case "listen":
    case "socket":
    case "share":
    case "schedule":
    case "limit":
    case "signal":
      return [];
    case "mkdir":
    case "mknod":
    case "symlink":
      return one(request.target, "create");
    case "truncate":
    case "unlink":
    case "rmdir":
    case "chmod":
    case "chown":
    case "utime":
    case "xattr":
      return one(request.target, "write");
  }
}

/** The paths that lack something; or, where nothing is lacking but what a directory holds is to stay there, that one. */
function movedOf(request: Request & { operation: "rename" | "link" }, bounds: Bounds): readonly Subject[] {
  const both = [request.target, request.to];
  const isMeant = ({ path, missing }: RequestedPath) =>
    request.reason === "holds-denial" ? heldVerdict(path, bounds) !== undefined : missing.length > 0;
  return both.filter(isMeant).map((target) => ({
    target,
    access: target === request.to ? "create" : "write",
    others: both.filter((other) => other !== target && !isMeant(other)),
  }));
}

/** Of what is denied at a path or below: `never`, or what would run later; undefined: nothing is. */
function heldVerdict(path: CanonicalPath, { plan }: Bounds): string | undefined {
  const held = plan.denials.filter((denial) => isWithin(denial.path, path));
  if (held.length === 0) return undefined;
  return held.every(({ asks }) => asks !== undefined) ? held[0]?.asks : "never";
}

function accessOfOpen({ mode, target }: Request & { operation: "open" }): Access {
  if (target.missing.some((right) => right.startsWith("MAKE_"))) return "create";
  if (mode.read && (mode.write || mode.truncate)) return "read+write";
  return mode.write || mode.truncate || mode.create ? "write" : "read";
}

/** Below nono's own places, or where no yes can be given. What lies around those can be listed, and not be changed. */
function isNever(path: CanonicalPath, access: Access, { protectedRoots, policyFiles }: Bounds): boolean {
  return (
    (access !== "read" && policyFiles.some((file) => isWithin(file as CanonicalPath, path))) ||
    protectedRoots.some((root) => isWithin(path, root) || (access !== "read" && isWithin(root, path))) ||
    NEVER.some((place) => isWithin(path, place) || (access !== "read" && isWithin(place, path)))
  );
}

const BOTH: readonly AccessMode[] = [AccessMode.Read, AccessMode.Write];

function modesOf(access: Access): readonly AccessMode[] {
  if (access === "read" || access === "execute") return [AccessMode.Read];
  return access === "write" || access === "create" ? [AccessMode.Write] : BOTH;
}

/** `never`; what would run later; or undefined: no denial is in the way. */
function verdictOf(path: CanonicalPath, modes: readonly AccessMode[], { plan }: Bounds): string | undefined {
  const withheld = modes.flatMap((access) => queryPath(plan, { path, access, cwd: "/" }).withheld ?? []);
  return withheld.some(({ asks }) => asks === undefined) ? "never" : withheld[0]?.asks;
}

function otherOf(request: Request, target: RequestedPath): Pick<Offer, "other"> {
  if (request.operation !== "rename" && request.operation !== "link") return {};
  const isSource = target === request.target;
  const relation = request.operation === "rename" && request.exchange ? "with" : isSource ? "to" : "from";
  return { other: { relation, path: (isSource ? request.to : request.target).path } };
}

function processOf({ process }: Request): Offer["process"] {
  const { pid, name, arguments: words, parents } = process;
  // Whoever is directly below us is the guardian, not one of theirs.
  const theirs = parents.at(-1)?.name === GUARDIAN ? parents.slice(0, -1) : parents;
  return { pid, name, command: words, parents: theirs };
}

/** A directory is not offered where something in it may not be had by such a yes. */
function coversOf(request: Request, target: RequestedPath, mayBeWide: boolean, bounds: Bounds): Covers {
  const { path } = target;
  const directory = bounds.isDirectory(path) ? path : directoryOf(path);
  const isOffered =
    mayBeWide &&
    directory !== "/" &&
    !isNever(directory as CanonicalPath, "write", bounds) &&
    baseNameOf(path) !== "";
  return { once: `this ${request.operation}`, file: path, ...(isOffered ? { directory } : {}) };
}
