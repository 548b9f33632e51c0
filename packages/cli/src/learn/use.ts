// What a confined program used, or wanted to, beyond its grants: each use is one half of an access at one place.

import type { CanonicalPath, Request, RequestedPath } from "nono-ts";

/** Reading includes executing and listing; writing the rest. */
export type Half = "read" | "write";

export type Use =
  /** A file that was there. */
  | Readonly<{ kind: "file"; path: CanonicalPath; half: Half }>
  /** A directory that was listed, or itself changed. */
  | Readonly<{ kind: "directory"; path: CanonicalPath; half: Half }>
  /** A name that was made or removed: a matter of the directory that it is in. */
  | Readonly<{ kind: "entry"; path: CanonicalPath; of: "file" | "directory"; made: boolean }>;

export type SocketUse = Readonly<{ path: CanonicalPath; bind: boolean }>;

/** `host`: an IP address. */
export type AddressUse = Readonly<{ host: string; port: number }>;

/** Whether there is a directory at a path. */
export type IsDirectory = (path: CanonicalPath) => boolean;

/** The places in the file system that a request was about; none for sockets. */
export function usesOf(request: Request, isDirectory: IsDirectory): readonly Use[] {
  switch (request.operation) {
    case "connect":
    case "send":
    case "bind":
    case "listen":
    case "socket":
    case "share":
    case "schedule":
    case "limit":
    case "signal":
      return [];
    case "link":
    case "rename":
      return [...usesAt(request.target, isDirectory), ...placeTaken(request.to, isDirectory)];
    case "open":
      return usesAt(request.target, request.mode.directory ? () => true : isDirectory);
    default:
      return usesAt(request.target, isDirectory);
  }
}

export function socketOf(request: Request): SocketUse | undefined {
  if (request.operation === "bind") return { path: request.target.path, bind: true };
  if (request.operation !== "connect" && request.operation !== "send") return undefined;
  return request.target && { path: request.target.path, bind: false };
}

export function addressOf(request: Request): AddressUse | undefined {
  if (request.operation !== "connect" && request.operation !== "send") return undefined;
  const { address } = request;
  return address.family === "internet" ? { host: address.host, port: address.port } : undefined;
}

/** A file that takes the place of another is how that other one is written. */
function placeTaken(to: RequestedPath, isDirectory: IsDirectory): readonly Use[] {
  const replaces = to.missing.includes("MAKE_REG") && to.missing.includes("REMOVE_FILE");
  return replaces ? [{ kind: "file", path: to.path, half: "write" }] : usesAt(to, isDirectory);
}

function usesAt({ path, missing }: RequestedPath, isDirectory: IsDirectory): readonly Use[] {
  return missing.map((right) => useOf(path, right, isDirectory));
}

function useOf(path: CanonicalPath, right: string, isDirectory: IsDirectory): Use {
  switch (right) {
    case "READ_FILE":
    case "EXECUTE":
      return { kind: "file", path, half: "read" };
    case "READ_DIR":
      return { kind: "directory", path, half: "read" };
    case "WRITE_FILE":
    case "TRUNCATE":
    case "IOCTL_DEV":
      return { kind: isDirectory(path) ? "directory" : "file", path, half: "write" };
    case "MAKE_DIR":
    case "REMOVE_DIR":
      return { kind: "entry", path, of: "directory", made: right === "MAKE_DIR" };
    default:
      // O_TMPFILE makes a file without a name: its path is the directory's.
      if (right === "MAKE_REG" && isDirectory(path)) return { kind: "directory", path, half: "write" };
      return { kind: "entry", path, of: "file", made: right.startsWith("MAKE_") };
  }
}
