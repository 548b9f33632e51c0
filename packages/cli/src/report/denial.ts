// What was refused in a session, as a person wants to read it: by what it was about, not by how often it was tried.

import type { AccessMode, CanonicalPath, OtherProcess, Request, SharedObject, SocketAddress } from "nono-ts";

/** What a refused request was about. */
export type Subject =
  | Readonly<{ kind: "path"; path: CanonicalPath; given: string; access: AccessMode }>
  /** One of `paths` holds something denied, which stays where it is. */
  | Readonly<{ kind: "holder"; path: CanonicalPath; paths: readonly CanonicalPath[] }>
  | Readonly<{ kind: "socket"; path: CanonicalPath; given: string; bind: boolean }>
  | Readonly<{ kind: "address"; host: string; port: number }>
  | Readonly<{ kind: "listen"; host: string; port: number }>
  /** A socket of this family and type (linux/socket.h, linux/net.h) that is not to be had, wherever it was to lead. */
  | Readonly<{ kind: "network"; family: number; type: number }>
  | Readonly<{ kind: "abstract"; name: string }>
  /** A System V object that was made outside. */
  | Readonly<{ kind: "object"; object: SharedObject }>
  /** Outside: what was to be done to it is in `operations`. */
  | (Readonly<{ kind: "process" }> & OtherProcess)
  /** Priorities of a group of processes, or of all of a user. */
  | Readonly<{ kind: "processes" }>
  | Readonly<{ kind: "command"; path: CanonicalPath; command: CanonicalPath }>;

/** One subject, and who met it how often. */
export type Denial = Readonly<{
  subject: Subject;
  /** Names of programs, in the order in which they met it. */
  programs: readonly string[];
  /** What they tried, such as `open` and `chmod`. */
  operations: readonly string[];
  count: number;
  /** Whose no it was, each once. */
  refusedBy: readonly Refuser[];
}>;

/**
 * `rules`: no person was to be asked, or it is never offered. `terminal`: a person, on the program's own terminal.
 * `other-terminal`: a person, by `nono approvals`. `earlier`: what a person said for the whole session. `timeout`: nobody
 * answered in time. `nobody`: nobody could be asked. `end`: the session ended, or the program stopped waiting, first.
 */
export type Refuser = "rules" | "terminal" | "other-terminal" | "earlier" | "timeout" | "nobody" | "end";

/** Refused requests, merged; the first to be refused comes first. Reading and writing of one path add up. */
export class DenialLog {
  readonly #denials = new Map<string, Denial>();
  #beyond = 0;

  readonly #limit: number;

  /** @param limit most subjects that are kept apart; what is met beyond them is only counted */
  constructor(limit = 4096) {
    this.#limit = limit;
  }

  add(request: Request, by: Refuser = "rules"): void {
    for (const subject of subjectsOf(request)) {
      const key = keyOf(subject);
      const known = this.#denials.get(key);
      if (known === undefined && this.#denials.size >= this.#limit) {
        this.#beyond += 1;
        continue;
      }
      this.#denials.set(key, {
        subject: known === undefined ? subject : merged(known.subject, subject),
        programs: withOne(known?.programs, request.process.name),
        operations: withOne(known?.operations, request.operation),
        count: (known?.count ?? 0) + 1,
        refusedBy: withOne(known?.refusedBy, by),
      });
    }
  }

  denials(): readonly Denial[] {
    return [...this.#denials.values()];
  }

  /** How many requests met subjects that are not kept. */
  get beyond(): number {
    return this.#beyond;
  }
}

function subjectsOf(request: Request): readonly Subject[] {
  if (request.reason === "holds-denial") return [holderOf(request)];
  switch (request.operation) {
    case "connect":
    case "send":
      return [ofAddress(request.address, request.target)];
    case "listen":
      return listening(request.address);
    case "socket":
      return [{ kind: "network", family: request.family, type: request.type }];
    case "share":
      return [{ kind: "object", object: request.object }];
    case "schedule":
    case "limit":
    case "signal":
      return [request.other === undefined ? { kind: "processes" } : { kind: "process", ...request.other }];
    case "bind":
      return [{ kind: "socket", path: request.target.path, given: request.target.given, bind: true }];
    case "link":
    case "rename":
      return [request.target, request.to].filter((one) => one.missing.length > 0).map(ofPath);
    case "execute":
      if (request.blocked === undefined) return [ofPath(request.target)];
      return [{ kind: "command", path: request.target.path, command: request.blocked }];
    default:
      return [ofPath(request.target)];
  }
}

function listening(address: SocketAddress): readonly Subject[] {
  return address.family === "internet" ? [{ kind: "listen", host: address.host, port: address.port }] : [];
}

function holderOf(request: Request): Subject {
  const places = ["target" in request ? request.target : undefined, "to" in request ? request.to : undefined];
  const paths = places.flatMap((one) => (one === undefined ? [] : [one.path]));
  return { kind: "holder", path: paths[0] as CanonicalPath, paths };
}

type Target = Extract<Request, { operation: "open" }>["target"];

function ofPath({ path, given, missing }: Target): Subject {
  return { kind: "path", path, given, access: accessOf(missing) };
}

function ofAddress(address: SocketAddress, target: Target | undefined): Subject {
  if (target !== undefined) return { kind: "socket", path: target.path, given: target.given, bind: false };
  if (address.family === "internet") return { kind: "address", host: address.host, port: address.port };
  return { kind: "abstract", name: address.family === "abstract" ? address.name : "" };
}

const READING: ReadonlySet<string> = new Set(["READ_FILE", "READ_DIR", "EXECUTE"]);

/** From names of rights. */
function accessOf(missing: readonly string[]): AccessMode {
  const reads = missing.some((right) => READING.has(right));
  const writes = missing.some((right) => !READING.has(right));
  if (reads && writes) return "read+write";
  return reads ? "read" : "write";
}

function merged(known: Subject, next: Subject): Subject {
  if (known.kind === "path" && next.kind === "path" && known.access !== next.access)
    return { ...known, access: "read+write" };
  if (known.kind === "socket" && next.kind === "socket") return { ...known, bind: known.bind || next.bind };
  return known;
}

function keyOf(subject: Subject): string {
  switch (subject.kind) {
    case "address":
      return `address ${subject.host} ${subject.port}`;
    case "listen":
      return `listen ${subject.host} ${subject.port}`;
    case "network":
      return `network ${subject.family} ${subject.type}`;
    case "abstract":
      return `abstract ${subject.name}`;
    case "object":
      return `object ${subject.object}`;
    case "process":
      return `process ${subject.pid}`;
    case "processes":
      return subject.kind;
    default:
      return `${subject.kind} ${subject.path}`;
  }
}

/** A program can call itself anything, as often as it likes. */
const LIST_LIMIT = 8;

function withOne<T extends string>(list: readonly T[] = [], one: T): readonly T[] {
  return list.includes(one) || list.length >= LIST_LIMIT ? list : [...list, one];
}
