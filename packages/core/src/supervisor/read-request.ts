// From what the threads of the supervisor tell to a typed request.

import path from "node:path";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { rightNames } from "../landlock/rights.ts";
import type { NativeRequest } from "../native/addon.ts";
import { textOf } from "../text/bytes.ts";
import { type ProcessInfo, processName } from "./process-info.ts";
import type {
  OpenMode,
  OtherProcess,
  PathOperation,
  Reason,
  Request,
  RequestedPath,
  SharedObject,
} from "./request.ts";
import { type SocketAddress, socketAddressOf } from "./socket-address.ts";

/** `enum operation_kind` of supervise.h. */
const OPERATIONS = [
  undefined,
  "open",
  "execute",
  "truncate",
  "mkdir",
  "mknod",
  "symlink",
  "link",
  "rename",
  "unlink",
  "rmdir",
  "chmod",
  "chown",
  "utime",
  "xattr",
  "connect",
  "bind",
  "send",
  "socket",
  "share",
  "schedule",
  "limit",
  "signal",
] as const satisfies readonly (Request["operation"] | undefined)[];

/** `enum request_reason` of supervise.h. */
const REASONS: readonly (Reason | undefined)[] = [
  undefined,
  "not-granted",
  "holds-denial",
  "blocked-command",
  "destination",
  "outside",
];

/** `enum shared_object` of supervise.h. */
const OBJECTS: readonly (SharedObject | undefined)[] = ["memory", "queue", "semaphores"];

/** linux/fs.h. */
const RENAME_EXCHANGE = 2;

/** linux/net.h. */
const SOCK_TYPE_MASK = 0xf;

/** @returns `undefined` for what this version does not know: to be refused */
export function readRequest(native: NativeRequest, process: ProcessInfo): Request | undefined {
  const operation = OPERATIONS[native.operation];
  const reason = REASONS[native.reason];
  if (operation === undefined || reason === undefined) return undefined;
  const common = { id: native.ticket, process, reason };
  const target = pathOf(native.path, native.given, native.missing);
  if (operation === "connect" || operation === "send")
    return { ...common, operation, target, address: addressOf(native) };
  if (operation === "socket")
    return { ...common, operation, family: native.flags, type: native.socketType & SOCK_TYPE_MASK };
  if (isAboutOthers(operation)) {
    const about = aboutOthers(operation, native);
    return about && { ...common, ...about };
  }
  if (operation === "bind" && native.address !== null && target === undefined)
    return { ...common, operation: "listen", address: addressOf(native) };
  if (target === undefined) return undefined;
  if (operation === "open") return { ...common, operation, target, mode: openMode(native.flags) };
  if (operation !== "link" && operation !== "rename")
    return { ...common, operation: nameOf(operation, native), target, blocked: canonical(native.blocked) };
  const to = pathOf(native.otherPath, native.otherGiven, native.otherMissing);
  return to && { ...common, target, to, ...movingOf(operation, native) };
}

function movingOf(operation: "link" | "rename", { flags }: NativeRequest) {
  return operation === "link" ? { operation } : { operation, exchange: (flags & RENAME_EXCHANGE) !== 0 };
}

const ABOUT_OTHERS = ["share", "schedule", "limit", "signal"] as const;
type AboutOthers = (typeof ABOUT_OTHERS)[number];

function isAboutOthers(operation: Request["operation"]): operation is AboutOthers {
  return (ABOUT_OTHERS as readonly string[]).includes(operation);
}

function aboutOthers(operation: AboutOthers, native: NativeRequest) {
  if (operation !== "share") return { operation, other: otherOf(native) };
  const object = OBJECTS[native.flags];
  return object && { operation, object };
}

function otherOf({ other }: NativeRequest): OtherProcess | undefined {
  return other > 0 ? { pid: other, name: processName(other) } : undefined;
}

function pathOf(bytes: Buffer | null, given: Buffer | null, missing: number): RequestedPath | undefined {
  if (bytes === null) return undefined;
  const real = textOf(bytes);
  const named = given === null ? real : textOf(given);
  return {
    path: real as CanonicalPath,
    given: named,
    throughLink: withoutDots(named) !== real,
    missing: rightNames(BigInt(missing)),
  };
}

function canonical(bytes: Buffer | null): CanonicalPath | undefined {
  return bytes === null ? undefined : (textOf(bytes) as CanonicalPath);
}

function withoutDots(file: string): string {
  const normal = path.posix.normalize(file);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** The same on x86_64 and aarch64, but for O_DIRECTORY (asm/fcntl.h of each). */
const O = {
  ACCMODE: 3,
  WRONLY: 1,
  CREAT: 0o100,
  TRUNC: 0o1000,
  DIRECTORY: process.arch === "arm64" ? 0o40000 : 0o200000,
};

function openMode(flags: number): OpenMode {
  const access = flags & O.ACCMODE;
  return {
    read: access !== O.WRONLY,
    write: access !== 0,
    create: (flags & O.CREAT) !== 0,
    truncate: (flags & O.TRUNC) !== 0,
    directory: (flags & O.DIRECTORY) !== 0,
  };
}

/** AT_REMOVEDIR makes rmdir of unlinkat. */
function nameOf(operation: PathOperation, { flags }: NativeRequest): PathOperation {
  return operation === "unlink" && flags !== 0 ? "rmdir" : operation;
}

function addressOf({ address }: NativeRequest): SocketAddress {
  return address === null ? { family: "other", number: 0 } : socketAddressOf(address);
}
