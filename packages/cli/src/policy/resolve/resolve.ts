// Profile, groups and flags merged. Pure: the same request gives the same policy on every machine.

import type { AccessMode } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import type { PolicyFlags } from "../flags.ts";
import type { GroupCatalog } from "../group/catalog.ts";
import { type Platform, selectGroups } from "../group/select.ts";
import { configDirectory } from "../placed/protected-roots.ts";
import type { Asked, Denial, Grant, Limit, Policy } from "../policy.ts";
import type { Layer, ProfileChain } from "../profile/load.ts";
import type { Variables } from "../variables.ts";
import { resolveCommands } from "./commands.ts";
import { resolveEnvironment } from "./environment.ts";
import { flagEntries } from "./flag-entries.ts";
import { groupEntries } from "./group-entries.ts";
import { resolveNetwork } from "./network.ts";
import { pathExpander } from "./path-expander.ts";
import { profileEntries } from "./profile-entries.ts";
import { resolveRollback } from "./rollback.ts";
import { resolveSecrets } from "./secrets.ts";

export type PolicyRequest = Readonly<{
  flags: PolicyFlags;
  chain: ProfileChain;
  groups: Readonly<{ catalog: GroupCatalog; files: readonly string[] }>;
  variables: Variables;
  /** Absolute; relative paths of the flags are taken from it. */
  cwd: string;
  platform: Platform;
  /** Directories of nono's own program: what may write them is not bound by the next run. */
  programs: readonly string[];
}>;

/**
 * @throws PolicyError `group-missing`, `group-required`, `command-name`, `variable-unset`, `variable-pattern`,
 *   and what `resolveSecrets` says
 */
export function resolvePolicy(request: PolicyRequest): Policy {
  const { flags, chain, groups, variables, cwd } = request;
  const { layers } = chain;
  const selected = selectGroups([...layers, ...guardLayers(flags)], groups.catalog, request.platform);
  const paths = pathExpander(variables);
  const ofGroups = groupEntries(selected, paths);
  const ofProfiles = profileEntries(layers, paths);
  const ofFlags = flagEntries(flags, variables, cwd);
  return {
    profile: chain.name,
    groups: selected.map(({ name, from, source }) => ({ name, from, source })),
    grants: [
      ...ofGroups.grants,
      ...ofProfiles.grants,
      ...workdirGrant(layers, flags, variables),
      ...ofFlags.grants,
    ],
    denials: [...ofGroups.denials, ...ofProfiles.denials, ...request.programs.map(programDenial)],
    guard: ofGroups.guard,
    bypasses: [...ofProfiles.bypasses, ...ofFlags.bypasses],
    patterns: ofProfiles.patterns,
    sockets: [...ofProfiles.sockets, ...ofFlags.sockets],
    creations: ofProfiles.creations,
    network: resolveNetwork(layers, flags),
    commands: resolveCommands(ofGroups.blocked, layers, flags),
    environment: resolveEnvironment(layers, flags, variables),
    secrets: resolveSecrets(layers, flags, configDirectory(variables)),
    limits: resolveLimits(layers),
    userNamespaces: resolveUserNamespaces(layers),
    elevation: resolveElevation(layers),
    rollback: resolveRollback(layers),
    redaction: {
      names: layers.flatMap(({ profile }) => profile.audit?.redact ?? []),
      patterns: layers.flatMap(({ profile }) => profile.audit?.redact_patterns ?? []),
    },
    platformRules: ofGroups.platformRules,
    unset: paths.unset(),
    reference: chain.reference,
    files: [...new Set([...chain.files, ...groups.files])],
  };
}

/** The group of what runs later: the command line has the last word. */
const RUN_LATER = "run_later";

function guardLayers({ guard, noGuard }: PolicyFlags): readonly Layer[] {
  if (guard) return [{ name: "--guard", source: "--guard", profile: { groups: { include: [RUN_LATER] } } }];
  if (noGuard)
    return [{ name: "--no-guard", source: "--no-guard", profile: { groups: { exclude: [RUN_LATER] } } }];
  return [];
}

const WORKDIR_ACCESS: Readonly<Record<"read" | "write" | "readwrite", AccessMode>> = {
  read: "read",
  write: "write",
  readwrite: "read+write",
};

/**
 * The last profile that says something about the working directory decides; whoever names parts of it on the command
 * line means those and not all of it.
 */
function workdirGrant(layers: readonly Layer[], flags: PolicyFlags, variables: Variables): readonly Grant[] {
  if (flags.allowCwd.length > 0 && !flags.allowCwd.includes(".")) return [];
  const layer = layers.findLast(({ profile }) => profile.workdir?.access !== undefined);
  const access = layer?.profile.workdir?.access;
  const workdir = variables.WORKDIR;
  if (layer === undefined || access === undefined || access === "none" || workdir === undefined) return [];
  const asked: Asked = { from: "profile", source: layer.source };
  return [
    { ...asked, original: "$WORKDIR", path: workdir, kind: "directory", access: WORKDIR_ACCESS[access] },
  ];
}

function programDenial(directory: string): Denial {
  return {
    from: "nono",
    source: "nono",
    original: directory,
    path: resolvePath(directory),
    access: "write",
  };
}

/** The last profile that limits a resource decides. */
function resolveLimits(layers: readonly Layer[]): readonly Limit[] {
  const limits = new Map<string, Limit>();
  for (const { profile, source } of layers)
    for (const [resource, value] of Object.entries(profile.limits ?? {}))
      if (value !== undefined)
        limits.set(resource, { from: "profile", source, resource: resource as Limit["resource"], value });
  return [...limits.values()];
}

/** The last that says something decides. */
function resolveElevation(layers: readonly Layer[]): Asked | undefined {
  const layer = layers.findLast(({ profile }) => profile.security?.capability_elevation !== undefined);
  return layer?.profile.security?.capability_elevation
    ? { from: "profile", source: layer.source }
    : undefined;
}

function resolveUserNamespaces(layers: readonly Layer[]): Asked | undefined {
  const layer = layers.find(({ profile }) => profile.security?.user_namespaces);
  return layer && { from: "profile", source: layer.source };
}
