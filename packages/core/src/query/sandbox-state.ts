// A capability set as JSON and back, whole: for a child process, a file, a test.

import { AccessMode, type Capabilities, CapabilitySet, ipAddressOf, LIMITS } from "../capability/index.ts";
import { NonoError } from "../error.ts";

const FORMAT = 1;

/** What a capability set held. Nothing is lost in a round trip; paths are not looked up again. */
export class SandboxState {
  readonly #capabilities: Capabilities;

  private constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities;
  }

  static fromCaps(set: CapabilitySet): SandboxState {
    return new SandboxState(set.value());
  }

  /**
   * @throws NonoError `invalid-state` for anything that `toJson` did not write: a state that is half understood would
   *   be a sandbox that is not the one that was asked for
   */
  static fromJson(json: string): SandboxState {
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch (error) {
      throw new NonoError({ code: "invalid-state", reason: "it is not JSON" }, { cause: error });
    }
    const { format, capabilities } = record(parsed, "the state");
    if (format !== FORMAT) throw invalid(`format ${JSON.stringify(format)} is not ${FORMAT}`);
    return new SandboxState(checkedCapabilities(capabilities));
  }

  /** One line of JSON. Bytes of paths that are not UTF-8 are written as `\udcNN`. */
  toJson(): string {
    return JSON.stringify({ format: FORMAT, capabilities: this.#capabilities });
  }

  toCaps(): CapabilitySet {
    return CapabilitySet.of(this.#capabilities);
  }

  /** Whether the network is blocked altogether. */
  get netBlocked(): boolean {
    return this.#capabilities.network.mode === "none";
  }
}

type Json = Readonly<Record<string, unknown>>;

function checkedCapabilities(value: unknown): Capabilities {
  const it = record(value, "capabilities");
  known(it, [
    "fs",
    "denials",
    "network",
    "unixSockets",
    "processes",
    "commands",
    "userNamespaces",
    "environment",
    "limits",
    "platformRules",
  ]);
  const commands = record(it.commands, "commands");
  each(it.fs, "fs", (grant) => {
    path(grant.path, "fs.path");
    text(grant.original, "fs.original");
    text(grant.source, "fs.source");
    oneOf(grant.access, Object.values(AccessMode), "fs.access");
    oneOf(grant.kind, ["file", "directory"], "fs.kind");
  });
  each(it.denials, "denials", (denial) => {
    path(denial.path, "denials.path");
    text(denial.original, "denials.original");
    text(denial.source, "denials.source");
    oneOf(denial.access, Object.values(AccessMode), "denials.access");
    if (denial.asks !== undefined) text(denial.asks, "denials.asks");
    oneOf(denial.removable, [undefined, true], "denials.removable");
  });
  each(it.unixSockets, "unixSockets", (socket) => {
    path(socket.path, "unixSockets.path");
    text(socket.source, "unixSockets.source");
    oneOf(socket.scope, ["socket", "directory", "subtree"], "unixSockets.scope");
    oneOf(socket.bind, [true, false], "unixSockets.bind");
  });
  for (const list of ["allowed", "blocked"] as const)
    each(commands[list], `commands.${list}`, (rule) => {
      text(rule.name, `commands.${list}.name`);
      text(rule.source, `commands.${list}.source`);
    });
  const network = checkedNetwork(record(it.network, "network"));
  oneOf(it.processes, ["sandbox", "any"], "processes");
  oneOf(it.userNamespaces, [true, false], "userNamespaces");
  if (it.environment !== undefined)
    for (const value of Object.values(record(it.environment, "environment"))) text(value, "environment");
  for (const [name, value] of Object.entries(record(it.limits, "limits"))) {
    oneOf(name, LIMITS, "limits");
    if (value !== "infinity" && !(typeof value === "number" && Number.isInteger(value) && value >= 0))
      throw invalid("limits must be whole numbers or infinity");
  }
  for (const rule of array(it.platformRules, "platformRules")) text(rule, "platformRules");
  return { environment: undefined, ...it, network } as unknown as Capabilities;
}

function checkedNetwork(network: Json): Json {
  oneOf(network.mode, ["all", "none", "ports"], "network.mode");
  if (network.mode !== "ports") return network;
  for (const list of ["connect", "listen"] as const)
    for (const one of array(network[list], `network.${list}`)) port(one, `network.${list}`);
  const { hosts = [] } = network;
  each(hosts, "network.hosts", (host) => {
    text(host.host, "network.hosts.host");
    text(host.source, "network.hosts.source");
    if (host.port !== undefined) port(host.port, "network.hosts.port");
    if (host.addresses === "loopback") return;
    for (const one of array(host.addresses, "network.hosts.addresses"))
      if (typeof one !== "string" || ipAddressOf(one) !== one)
        throw invalid("network.hosts.addresses must hold IP addresses");
  });
  return { ...network, hosts };
}

function port(value: unknown, name: string): void {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 65_535)
    throw invalid(`${name} must hold ports`);
}

function each(value: unknown, name: string, check: (item: Json) => void): void {
  for (const item of array(value, name)) check(record(item, name));
}

function record(value: unknown, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${name} must be an object`);
  return value as Json;
}

function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${name} must be a list`);
  return value;
}

function text(value: unknown, name: string): void {
  if (typeof value !== "string") throw invalid(`${name} must be text`);
}

/** As `canonicalize` makes them: absolute, without empty, `.` and `..` components. */
function path(value: unknown, name: string): void {
  text(value, name);
  const [first, ...components] = (value as string).split("/");
  const whole = value === "/" || components.every((part) => part !== "" && part !== "." && part !== "..");
  if (first !== "" || !whole || (value as string).includes("\0"))
    throw invalid(`${name} must be a canonical path`);
}

function oneOf(value: unknown, values: readonly unknown[], name: string): void {
  if (!values.includes(value)) throw invalid(`${name} must be one of ${values.join(", ")}`);
}

function known(it: Json, names: readonly string[]): void {
  const stranger = Object.keys(it).find((name) => !names.includes(name));
  if (stranger !== undefined) throw invalid(`${stranger} is not known`);
}

function invalid(reason: string): NonoError {
  return new NonoError({ code: "invalid-state", reason });
}
