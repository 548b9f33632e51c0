// What was learned, and what the command line asked for beside it, as a profile.

import type { AccessMode, CanonicalPath } from "nono-ts";
import type { Profile } from "../policy/form/profile-form.ts";
import { type NamedPlaces, pathText } from "../policy/path-text.ts";
import type { Policy } from "../policy/policy.ts";
import { textOfHost } from "../text/host.ts";
import type { Learned } from "./generalise.ts";
import type { Recorded } from "./record.ts";

/** Where the words of profiles stand for places here. */
type Places = NamedPlaces & Readonly<{ workdir: CanonicalPath }>;

type Filesystem = NonNullable<Profile["filesystem"]>;
type Grant = Readonly<{ path: string; kind: "directory" | "file" | "either"; access: AccessMode }>;

const KEYS = {
  directory: { read: "read", write: "write", "read+write": "allow" },
  file: { read: "read_file", write: "write_file", "read+write": "allow_file" },
} as const;

/** Without `extends` and `meta`. @param policy what of it flags asked for is in the profile, as it was given */
export function profileOf(learned: Learned, recorded: Recorded, policy: Policy, places: Places): Profile {
  const grants = merged([
    ...policy.grants.filter(({ from }) => from === "flag"),
    ...learned.entries.flatMap(({ kind, path, half }) =>
      kind === "names" ? [] : [{ kind, path, access: half }],
    ),
  ]);
  const workdir = grants.find(({ path, kind }) => kind === "directory" && path === places.workdir);
  const text = (path: string) => pathText(path, places);
  const profile = {
    groups: { include: distinct([...learned.groups, ...byFlag(policy.groups).map(({ name }) => name)]) },
    filesystem: {
      ...filesystemOf(
        grants.filter((one) => one !== workdir),
        text,
      ),
      allow_pattern: distinct(
        learned.entries.flatMap(({ kind, path }) => (kind === "names" ? [`${text(path)}*`] : [])),
      ),
      create: learned.creations.map(text),
      bypass_protection: byFlag(policy.bypasses).map(({ path }) => text(path)),
      ...socketsOf(recorded, policy, text),
    },
    workdir: { access: workdir && WORKDIR_ACCESS[withInherited(workdir.access, policy)] },
    network: {
      block: policy.network.blocked?.from === "flag" ? true : undefined,
      ...connectionsOf(recorded, policy.network),
      listen_ports: byFlag(policy.network.listen).map(({ port }) => port),
    },
    environment: { allow_vars: byFlag(policy.environment.allow).map(({ pattern }) => pattern) },
    commands: {
      allow: byFlag(policy.commands.allowed).map(({ name }) => name),
      deny: byFlag(policy.commands.blocked).map(({ name }) => name),
    },
  };
  return withoutEmpty(profile) as Profile;
}

/** What is learned is of the kind that limits it: hosts where one was named, else ports. */
function connectionsOf({ addresses }: Recorded, { connect, hosts }: Policy["network"]) {
  const ofPorts = hosts.length === 0 && connect.length > 0;
  const ports = ofPorts ? addresses.map(({ port }) => port).sort((a, b) => a - b) : [];
  const places = hosts.length > 0 ? addresses.map(textOfHost).sort() : [];
  return {
    connect_ports: distinct([...byFlag(connect).map(({ port }) => port), ...ports]),
    allow_connect: distinct([...byFlag(hosts).map(textOfHost), ...places]),
  };
}

const WORKDIR_ACCESS = { read: "read", write: "write", "read+write": "readwrite" } as const;

/** The last profile that speaks of the working directory decides: so it says what those before it say as well. */
function withInherited(access: AccessMode, { grants }: Policy): AccessMode {
  const inherited = grants.find(({ from, original }) => from === "profile" && original === "$WORKDIR");
  return inherited === undefined || inherited.access === access ? access : "read+write";
}

function filesystemOf(grants: readonly Grant[], text: (path: string) => string): Filesystem {
  const filesystem: Record<string, string[]> = {};
  for (const { kind, path, access } of grants) {
    const key = KEYS[kind === "file" ? "file" : "directory"][access];
    filesystem[key] = [...(filesystem[key] ?? []), text(path)].sort();
  }
  return filesystem;
}

function socketsOf(recorded: Recorded, policy: Policy, text: (path: string) => string): Filesystem {
  const asked = policy.sockets
    .filter(({ from }) => from === "flag")
    .map(({ path, scope, bind }) => ({
      path,
      bind,
      key: scope === "socket" ? "" : scope === "subtree" ? "_subtree" : "_dir",
    }));
  const used = recorded.sockets.map(({ path, bind }) => ({ path, bind, key: "" }));
  const filesystem: Record<string, string[]> = {};
  for (const { path, bind, key } of [...asked, ...used]) {
    const name = `unix_socket${key}${bind ? "_bind" : ""}`;
    filesystem[name] = [...new Set([...(filesystem[name] ?? []), text(path)])].sort();
  }
  return filesystem;
}

/** Reading and writing of one place add up. */
function merged(grants: readonly Grant[]): readonly Grant[] {
  const byPlace = new Map<string, Grant>();
  for (const grant of grants) {
    const key = `${grant.kind} ${grant.path}`;
    const known = byPlace.get(key);
    const access = known === undefined || known.access === grant.access ? grant.access : "read+write";
    byPlace.set(key, { path: grant.path, kind: grant.kind, access });
  }
  return [...byPlace.values()];
}

function byFlag<T extends Readonly<{ from: string }>>(list: readonly T[]): readonly T[] {
  return list.filter(({ from }) => from === "flag");
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Lists and objects in which nothing is, are left out. */
function withoutEmpty(value: object): object {
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (one === undefined || (Array.isArray(one) && one.length === 0)) return [];
    if (typeof one !== "object" || one === null || Array.isArray(one)) return [[key, one]];
    const inner = withoutEmpty(one);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}
