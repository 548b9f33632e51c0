// The builder: what callers ask for, one call at a time. `value()` gives it as one immutable value.

import { NonoError } from "../error.ts";
import { type CanonicalPath, canonicalize, canonicalizeMissing, isWithin } from "../files/canonical-path.ts";
import { realFiles } from "../files/file-view.ts";
import { AccessMode, suffices, union } from "./access.ts";
import type {
  Capabilities,
  CommandRule,
  Environment,
  FsCapability,
  FsDenial,
  HostCapability,
  NetworkCapability,
  PathKind,
  ResourceLimits,
  Source,
  UnixSocketCapability,
} from "./capabilities.ts";
import {
  checkedAccess,
  checkedCommand,
  checkedEnvironment,
  checkedHost,
  checkedLimits,
  checkedOneOf,
  checkedPath,
  checkedPort,
} from "./checked.ts";
import { checkedCapabilities } from "./checked-capabilities.ts";
import { summarize } from "./summary.ts";

/** `source` names what asked for it, for people; it is shown by `nono why` and in messages. */
type Told = Readonly<{ source?: Source }>;

/** A grant as `fsCapabilities` tells it. */
export type FsCapabilityInfo = Readonly<{
  /** As the caller wrote it. */
  original: string;
  /** The canonical path that is granted. */
  resolved: string;
  access: AccessMode;
  /** One file, not a directory with all below it. */
  isFile: boolean;
  source: Source;
}>;

type Network = { connect: Set<number>; listen: Set<number>; hosts: HostCapability[] };

/**
 * What a sandbox may do. Starts empty: no files, and the network as it is. Every method returns the set itself, so
 * calls can be chained. Relative paths are taken from the working directory of the call.
 */
export class CapabilitySet {
  #fs: FsCapability[] = [];
  #denials: FsDenial[] = [];
  #networkBlocked = false;
  #ports: Network | undefined;
  #unixSockets: UnixSocketCapability[] = [];
  #processes: "sandbox" | "any" = "sandbox";
  #allowed: CommandRule[] = [];
  #blocked: CommandRule[] = [];
  #userNamespaces = false;
  #environment: Environment | undefined;
  #limits: ResourceLimits = {};
  #platformRules: string[] = [];

  /**
   * Grants a directory and all below it.
   *
   * @throws NonoError `path-missing`, `path-unreadable`, `not-a-directory`, `invalid-text`, `invalid-value`
   */
  allowPath(directory: string, access: AccessMode, { source = "allowPath" }: Told = {}): this {
    return this.#allow(directory, access, "directory", source);
  }

  /**
   * Grants one file. The grant is of the file that is there now: one put in its place has no grant.
   *
   * @throws NonoError `path-missing`, `path-unreadable`, `not-a-file`, `invalid-text`, `invalid-value`
   */
  allowFile(file: string, access: AccessMode, { source = "allowFile" }: Told = {}): this {
    return this.#allow(file, access, "file", source);
  }

  /**
   * Withholds a path, and all below it, from every grant, whichever was named first. The path need not exist.
   *
   * @throws NonoError `path-unreadable`, `invalid-text`, `invalid-value`
   */
  denyPath(
    file: string,
    { access = AccessMode.ReadWrite, source = "denyPath" }: Told & Readonly<{ access?: AccessMode }> = {},
  ): this {
    const denied = checkedAccess(source, access);
    const canonical = lookUp(source, file, canonicalizeMissing);
    this.#denials.push({ original: file, path: canonical, access: denied, source });
    return this;
  }

  /** No socket but unix ones: no TCP, UDP or anything else. */
  blockNetwork(): this {
    this.#networkBlocked = true;
    return this;
  }

  /** From the first port on, only TCP to the named ports is allowed. @throws NonoError `invalid-port` */
  allowConnectPort(port: number): this {
    this.#portSet().connect.add(checkedPort("allowConnectPort", port));
    return this;
  }

  /**
   * From the first host on, only TCP to what is named is allowed. Only a supervisor can tell addresses apart: a plan without
   * one is refused.
   *
   * @param host an IP address, or `localhost` for 127.0.0.0/8 and ::1. Other names are the caller's to look up
   * @param port absent: every port
   * @throws NonoError `invalid-value`, `invalid-port`
   */
  allowConnect(host: string, port?: number, { source = "allowConnect" }: Told = {}): this {
    const known = checkedHost(source, host);
    this.#portSet().hosts.push({
      host: known,
      addresses: known === "localhost" ? "loopback" : [known],
      ...(port === undefined ? {} : { port: checkedPort(source, port) }),
      source,
    });
    return this;
  }

  /** From the first port on, only TCP listening on the named ports is allowed. @throws NonoError `invalid-port` */
  allowListenPort(port: number): this {
    this.#portSet().listen.add(checkedPort("allowListenPort", port));
    return this;
  }

  /**
   * A path-name unix socket (`socket`), those directly in a directory, or those anywhere below it (`subtree`).
   *
   * @param options.bind also allows making a socket there
   * @throws NonoError `path-unreadable`, `invalid-text`, `invalid-value`
   */
  allowUnixSocket(
    file: string,
    {
      scope = "socket",
      bind = false,
      source = "allowUnixSocket",
    }: Told & Readonly<{ scope?: UnixSocketCapability["scope"]; bind?: boolean }> = {},
  ): this {
    checkedOneOf<typeof scope>(source, scope, ["socket", "directory", "subtree"]);
    checkedOneOf(`${source} bind`, bind, [true, false]);
    const canonical = lookUp(source, file, canonicalizeMissing);
    this.#unixSockets.push({ path: canonical, scope, bind, source });
    return this;
  }

  /** Opens a command that is blocked, by name or absolute path. @throws NonoError `invalid-value` */
  allowCommand(name: string, { source = "allowCommand" }: Told = {}): this {
    this.#allowed.push({ name: checkedCommand(source, name), source });
    return this;
  }

  /**
   * Withholds the executables of a command, by name or absolute path; `allowCommand` of the same name opens it.
   *
   * @throws NonoError `invalid-value`
   */
  blockCommand(name: string, { source = "blockCommand" }: Told = {}): this {
    this.#blocked.push({ name: checkedCommand(source, name), source });
    return this;
  }

  /** The same as `blockCommand`. */
  denyCommand(name: string, told: Told = {}): this {
    return this.blockCommand(name, { source: "denyCommand", ...told });
  }

  /** `any` lifts the bounds on signals and abstract sockets to processes outside. @throws NonoError `invalid-value` */
  scopeProcesses(scope: "sandbox" | "any"): this {
    this.#processes = checkedOneOf<typeof scope>("scopeProcesses", scope, ["sandbox", "any"]);
    return this;
  }

  /** Allows new user namespaces, for tools that bring a sandbox of their own. */
  allowUserNamespaces(): this {
    this.#userNamespaces = true;
    return this;
  }

  /** The variables of the confined program, exactly. @throws NonoError `invalid-value` */
  setEnvironment(variables: Readonly<Record<string, string>>): this {
    this.#environment = checkedEnvironment("setEnvironment", variables);
    return this;
  }

  /** Resource limits by name; a limit set twice has the later value. @throws NonoError `invalid-value` */
  setLimits(limits: ResourceLimits): this {
    this.#limits = { ...this.#limits, ...checkedLimits("setLimits", limits) };
    return this;
  }

  /** A Seatbelt rule for macOS, passed through. It has no meaning on Linux and is kept. */
  platformRule(rule: string): this {
    this.#platformRules.push(rule);
    return this;
  }

  /** Merges grants of the same path and drops those that another one covers. Nothing that was allowed is lost. */
  deduplicate(): this {
    const byPath = new Map<string, FsCapability>();
    for (const grant of this.#fs) {
      const known = byPath.get(grant.path);
      byPath.set(grant.path, known ? { ...known, access: union(known.access, grant.access) } : grant);
    }
    const merged = [...byPath.values()];
    this.#fs = merged.filter((grant) => !merged.some((other) => other !== grant && covers(other, grant)));
    return this;
  }

  /** Whether some grant, of whatever access, covers the path. The path need not exist. */
  pathCovered(file: string): boolean {
    const canonical = lookUp("pathCovered", file, canonicalizeMissing);
    return this.#fs.some((grant) => isWithin(canonical, grant.path));
  }

  /** The grants, in the order in which they were made. */
  fsCapabilities(): readonly FsCapabilityInfo[] {
    return this.#fs.map(({ original, path, access, kind, source }) => ({
      original,
      resolved: path,
      access,
      isFile: kind === "file",
      source,
    }));
  }

  /** Whether no network is left: blocked, and no port or host opened. */
  get isNetworkBlocked(): boolean {
    return this.#network().mode === "none";
  }

  /** A few lines for people. */
  summary(): string {
    return summarize(this.value());
  }

  /** Everything asked for, as one value that later calls do not change. */
  value(): Capabilities {
    return {
      fs: [...this.#fs],
      denials: [...this.#denials],
      network: this.#network(),
      unixSockets: [...this.#unixSockets],
      processes: this.#processes,
      commands: { allowed: [...this.#allowed], blocked: [...this.#blocked] },
      userNamespaces: this.#userNamespaces,
      environment: this.#environment,
      limits: this.#limits,
      platformRules: [...this.#platformRules],
    };
  }

  /** A set that holds `given` again. @throws NonoError `invalid-value` */
  static of(given: Capabilities): CapabilitySet {
    const value = checkedCapabilities(given);
    const set = new CapabilitySet();
    set.#fs = [...value.fs];
    set.#denials = [...value.denials];
    set.#networkBlocked = value.network.mode === "none";
    if (value.network.mode === "ports")
      set.#ports = {
        connect: new Set(value.network.connect),
        listen: new Set(value.network.listen),
        hosts: [...value.network.hosts],
      };
    set.#unixSockets = [...value.unixSockets];
    set.#processes = value.processes;
    set.#allowed = [...value.commands.allowed];
    set.#blocked = [...value.commands.blocked];
    set.#userNamespaces = value.userNamespaces;
    set.#environment = value.environment;
    set.#limits = value.limits;
    set.#platformRules = [...value.platformRules];
    return set;
  }

  #allow(file: string, access: AccessMode, kind: PathKind, source: Source): this {
    const granted = checkedAccess(source, access);
    const canonical = lookUp(source, file, canonicalize);
    const isDirectory = realFiles.kindOf(canonical) === "directory";
    if (kind === "directory" && !isDirectory)
      throw new NonoError({ code: "not-a-directory", option: source, path: file });
    if (kind === "file" && isDirectory)
      throw new NonoError({ code: "not-a-file", option: source, path: file });
    this.#fs.push({ original: file, path: canonical, kind, access: granted, source });
    return this;
  }

  #portSet(): Network {
    this.#ports ??= { connect: new Set(), listen: new Set(), hosts: [] };
    return this.#ports;
  }

  /** Ports and hosts are exceptions to a blocked network as well. */
  #network(): NetworkCapability {
    if (this.#ports !== undefined)
      return {
        mode: "ports",
        connect: [...this.#ports.connect],
        listen: [...this.#ports.listen],
        hosts: [...this.#ports.hosts],
      };
    return { mode: this.#networkBlocked ? "none" : "all" };
  }
}

function covers(outer: FsCapability, inner: FsCapability): boolean {
  return (
    outer.kind === "directory" && isWithin(inner.path, outer.path) && suffices(outer.access, inner.access)
  );
}

function lookUp(option: string, file: string, resolve: (file: string) => CanonicalPath): CanonicalPath {
  if (checkedPath(option, file) === "") throw new NonoError({ code: "path-missing", option, path: file });
  try {
    return resolve(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new NonoError({ code: "path-missing", option, path: file }, { cause: error });
    throw new NonoError({ code: "path-unreadable", option, path: file, reason: code }, { cause: error });
  }
}
