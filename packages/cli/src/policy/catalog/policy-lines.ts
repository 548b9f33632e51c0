// A policy as one line for each thing it says, in one order: for people, and to compare two policies.

import { textOfHost } from "../../text/host.ts";
import type { Policy } from "../policy.ts";

export type PolicyLine = Readonly<{
  /** `read`, `deny`, `block command`, … */
  what: string;
  /** Path, name or number. */
  subject: string;
  source: string;
}>;

/** Every line once: what several ask for comes from the first. */
export function policyLines(policy: Policy): readonly PolicyLine[] {
  const { environment, network, commands } = policy;
  const lines: readonly PolicyLine[] = [
    ...policy.groups.map(({ name, source }) => line("group", name, source)),
    ...policy.grants.map(({ access, path, source }) => line(`grant ${access}`, path, source)),
    ...policy.patterns.map(({ directory, name, source }) =>
      line("grant names", `${directory}/${name}`, source),
    ),
    ...policy.sockets.map(({ scope, bind, path, source }) =>
      line(`grant unix ${scope}${bind ? " and bind" : ""}`, path, source),
    ),
    ...policy.creations.map(({ path, source }) => line("create", path, source)),
    ...policy.denials.map(({ access, path, source }) => line(`deny ${access}`, path, source)),
    ...guardLines(policy.guard),
    ...policy.bypasses.map(({ path, source }) => line("lift denial", path, source)),
    ...commands.blocked.map(({ name, source }) => line("block command", name, source)),
    ...commands.allowed.map(({ name, source }) => line("allow command", name, source)),
    ...(network.blocked === undefined ? [] : [line("block", "network", network.blocked.source)]),
    ...network.connect.map(({ port, source }) => line("connect to port", String(port), source)),
    ...network.hosts.map((host) => line("connect to host", textOfHost(host), host.source)),
    ...network.listen.map(({ port, source }) => line("listen on port", String(port), source)),
    ...environment.allow.map(({ pattern, source }) => line("pass variable", pattern, source)),
    ...environment.deny.map(({ pattern, source }) => line("withhold variable", pattern, source)),
    ...environment.set.map(({ name, value, source }) => line("set variable", `${name}=${value}`, source)),
    ...policy.secrets.map(({ name, reference, source }) =>
      line("secret", `${name} from ${reference}`, source),
    ),
    ...policy.limits.map(({ resource, value, source }) => line("limit", `${resource}=${value}`, source)),
    ...(policy.elevation === undefined ? [] : [line("ask", "what is not granted", policy.elevation.source)]),
    ...(policy.userNamespaces === undefined
      ? []
      : [line("allow", "user namespaces", policy.userNamespaces.source)]),
    ...rollbackLines(policy.rollback),
    ...policy.platformRules.map((rule) => line("macos rule", rule, "group")),
  ];
  return [...new Map(lines.map((one) => [keyOf(one), one])).values()];
}

export type PolicyDifference = Readonly<{ added: readonly PolicyLine[]; removed: readonly PolicyLine[] }>;

/** What `after` says and `before` does not, and the other way round. Who says it makes no difference. */
export function comparePolicies(before: Policy, after: Policy): PolicyDifference {
  const [from, to] = [policyLines(before), policyLines(after)];
  const [known, wanted] = [new Set(from.map(keyOf)), new Set(to.map(keyOf))];
  return {
    added: to.filter((one) => !known.has(keyOf(one))),
    removed: from.filter((one) => !wanted.has(keyOf(one))),
  };
}

function guardLines({
  repository,
  pointer,
  hooked,
  workspace,
  secrets,
}: Policy["guard"]): readonly PolicyLine[] {
  return [
    ...repository.map(({ name, source }) => line("guard", `.git/${name}`, source)),
    ...[...pointer, ...hooked, ...workspace].map(({ name, source }) => line("guard", name, source)),
    ...secrets.map(({ name, source }) => line("guard access", name, source)),
  ];
}

function rollbackLines(rules: Policy["rollback"]): readonly PolicyLine[] {
  return [
    ...(rules.enabled === undefined ? [] : [line("keep", "snapshots", rules.enabled.source)]),
    ...(rules.everything === undefined
      ? []
      : [line("keep", "everything in snapshots", rules.everything.source)]),
    ...rules.exclude.map(({ pattern, source }) => line("leave out of snapshots", pattern, source)),
    ...rules.include.map(({ pattern, source }) => line("keep in snapshots", pattern, source)),
  ];
}

function line(what: string, subject: string, source: string): PolicyLine {
  return { what, subject, source };
}

function keyOf({ what, subject }: PolicyLine): string {
  return `${what}\0${subject}`;
}
