// A value of capabilities that callers without types made, or changed, or read from JSON. What is half understood would be a
// sandbox that is not the one that was asked for: a network `"blocked"` one that is open.

import { NonoError } from "../error.ts";
import { resolvePath } from "../files/path-names.ts";
import { AccessMode } from "./access.ts";
import type { Capabilities, Environment, ResourceLimits } from "./capabilities.ts";
import { checkedCommand, checkedEnvironment, checkedLimits, checkedPort } from "./checked.ts";
import { ipAddressOf } from "./host.ts";

type Json = Readonly<Record<string, unknown>>;

/** @throws NonoError `invalid-value` */
export function checkedCapabilities(value: unknown): Capabilities {
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
      checkedCommand(`commands.${list}.name`, rule.name as string);
      text(rule.source, `commands.${list}.source`);
    });
  const network = checkedNetwork(record(it.network, "network"));
  oneOf(it.processes, ["sandbox", "any"], "processes");
  oneOf(it.userNamespaces, [true, false], "userNamespaces");
  if (it.environment !== undefined)
    checkedEnvironment("environment", record(it.environment, "environment") as Environment);
  checkedLimits("limits", record(it.limits, "limits") as ResourceLimits);
  for (const rule of array(it.platformRules, "platformRules")) text(rule, "platformRules");
  return { environment: undefined, ...it, network } as unknown as Capabilities;
}

function checkedNetwork(network: Json): Json {
  oneOf(network.mode, ["all", "none", "ports"], "network.mode");
  if (network.mode !== "ports") return network;
  for (const list of ["connect", "listen"] as const)
    for (const one of array(network[list], `network.${list}`)) checkedPort(`network.${list}`, one as number);
  const { hosts = [] } = network;
  each(hosts, "network.hosts", (host) => {
    text(host.host, "network.hosts.host");
    text(host.source, "network.hosts.source");
    if (host.port !== undefined) checkedPort("network.hosts.port", host.port as number);
    if (host.addresses === "loopback") return;
    for (const one of array(host.addresses, "network.hosts.addresses"))
      if (typeof one !== "string" || ipAddressOf(one) !== one)
        throw invalid("network.hosts.addresses", one, "an IP address in its one form");
  });
  return { ...network, hosts };
}

function each(value: unknown, name: string, check: (item: Json) => void): void {
  for (const item of array(value, name)) check(record(item, name));
}

function record(value: unknown, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(name, value, "an object");
  return value as Json;
}

function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(name, value, "a list");
  return value;
}

function text(value: unknown, name: string): void {
  if (typeof value !== "string") throw invalid(name, value, "text");
}

/** As `canonicalize` makes them: absolute, without empty, `.` and `..` components. */
function path(value: unknown, name: string): void {
  text(value, name);
  const file = value as string;
  if (resolvePath(file) !== file || file.includes("\0")) throw invalid(name, value, "a canonical path");
}

function oneOf(value: unknown, values: readonly unknown[], name: string): void {
  if (!values.includes(value)) throw invalid(name, value, `one of ${values.join(", ")}`);
}

function known(it: Json, names: readonly string[]): void {
  const stranger = Object.keys(it).find((name) => !names.includes(name));
  if (stranger !== undefined) throw invalid("capabilities", stranger, `one of ${names.join(", ")}`);
}

function invalid(name: string, value: unknown, expected: string): NonoError {
  return new NonoError({ code: "invalid-value", option: name, value: String(value), expected });
}
