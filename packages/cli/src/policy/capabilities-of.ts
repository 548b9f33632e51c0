// From a policy to the capabilities of nono-ts. Only here is a policy looked up in the file system.

import {
  type CanonicalPath,
  type Capabilities,
  type FsDenial,
  type HostCapability,
  type NetworkCapability,
  NonoError,
  type ResourceLimits,
} from "nono-ts";
import { isWithin, pathResolverFor } from "nono-ts/internal";
import { PolicyError } from "./error.ts";
import { denialsInForce } from "./placed/denials-in-force.ts";
import { refuseUntrustedLinks } from "./placed/links.ts";
import { type Located, type LocatedDenial, type LocatedGrant, locate } from "./placed/located.ts";
import { type PlacedPattern, placePatterns } from "./placed/name-patterns.ts";
import { placeGrants, type SkippedGrant } from "./placed/placed-grants.ts";
import { refuseProtected } from "./placed/protected-roots.ts";
import type { Policy, SocketGrant } from "./policy.ts";

export type Placed = Readonly<{
  /** Without an environment: `environmentOf` makes that. */
  capabilities: Capabilities;
  /** For a supervisor. */
  patterns: readonly PlacedPattern[];
  /** Grants without effect. Those of flags (`grant.from`) are to be said, the others are of the ordinary kind. */
  skipped: readonly SkippedGrant[];
}>;

export type Bounds = Readonly<{
  /** Canonical. */
  workdir: string;
  /** No grant may be, contain or lie below one of them. */
  protectedRoots: readonly CanonicalPath[];
  /** What the guard found, by its own paths: links are not followed. */
  guarded?: readonly LocatedDenial[];
  /** What was found of the policy's hosts; absent: nothing. */
  hosts?: readonly HostCapability[];
}>;

/**
 * @param resolve what the file system looks like; absent: that of this machine
 * @throws NonoError `path-unreadable`, `not-a-directory`, `not-a-file`, `grant-denied`; PolicyError `grant-protected`,
 *   `bypass-unmatched`, `pattern-denied`, `link-untrusted`, `config-granted`; CliError `subdirectory-outside`
 */
export function capabilitiesOf(
  policy: Policy,
  { workdir, protectedRoots, guarded = [], hosts = [] }: Bounds,
  resolve = pathResolverFor([...policy.denials, ...policy.grants].map(({ path }) => path)),
): Placed {
  const denials = denialsInForce(
    [...locate(policy.denials, resolve), ...guarded],
    locate(policy.bypasses, resolve),
  );
  const { grants, skipped } = placeGrants(locate(policy.grants, resolve), denials, workdir);
  for (const grant of grants) refuseProtected(grant, grant.real.path, protectedRoots);
  for (const creation of locate(policy.creations, resolve))
    refuseProtected(creation, creation.real.path, protectedRoots);
  refuseUntrustedLinks(grants);
  refuseGrantedConfig(grants, policy.files);
  const sockets = locate(policy.sockets, resolve);
  for (const socket of sockets) refuseSocket(socket, denials, protectedRoots);
  return {
    capabilities: {
      fs: grants.map(({ original, real, access, source }) => ({
        original,
        path: real.path,
        kind: real.kind === "directory" ? "directory" : "file",
        access,
        source,
      })),
      denials: denials.map(denialOf),
      network: networkOf(policy.network, hosts),
      unixSockets: sockets.map(({ real, scope, bind, source }) => ({ path: real.path, scope, bind, source })),
      processes: "sandbox",
      commands: {
        allowed: policy.commands.allowed.map(({ name, source }) => ({ name, source })),
        blocked: policy.commands.blocked.map(({ name, source }) => ({ name, source })),
      },
      userNamespaces: policy.userNamespaces !== undefined,
      environment: undefined,
      limits: limitsOf(policy.limits),
      platformRules: policy.platformRules,
    },
    patterns: placePatterns(policy.patterns, denials, protectedRoots, resolve),
    skipped,
  };
}

/** Only a guard's may be asked about. */
function denialOf({ original, real, access, source, asks, removable }: LocatedDenial): FsDenial {
  const denial = { original, path: real.path, access, source };
  if (asks === undefined && removable === undefined) return denial;
  return {
    ...denial,
    ...(asks === undefined ? {} : { asks }),
    ...(removable === undefined ? {} : { removable }),
  };
}

/** The command must not write what grants it its rights. */
function refuseGrantedConfig(grants: readonly LocatedGrant[], files: readonly string[]): void {
  for (const { access, real, source, original } of grants) {
    const file =
      access === "read" ? undefined : files.find((one) => isWithin(one as CanonicalPath, real.path));
    if (file !== undefined)
      throw new PolicyError({ code: "config-granted", file, option: source, path: original });
  }
}

function refuseSocket(
  socket: Located<SocketGrant>,
  denials: readonly LocatedDenial[],
  roots: readonly CanonicalPath[],
): void {
  refuseProtected(socket, socket.real.path, roots);
  const denial = denials.find(
    (one) => one.access === "read+write" && isWithin(socket.real.path, one.real.path),
  );
  if (denial === undefined) return;
  throw new NonoError({
    code: "grant-denied",
    option: socket.source,
    path: socket.original,
    denied: denial.real.path,
    source: denial.source,
  });
}

/** What was named limits the network, whether or not anything was found of it. */
function networkOf(
  { blocked, connect, listen, hosts: named }: Policy["network"],
  hosts: readonly HostCapability[],
): NetworkCapability {
  const numbers = (ports: Policy["network"]["connect"]) => [...new Set(ports.map(({ port }) => port))];
  if (connect.length + listen.length + named.length > 0)
    return { mode: "ports", connect: numbers(connect), listen: numbers(listen), hosts };
  return { mode: blocked === undefined ? "all" : "none" };
}

function limitsOf(limits: Policy["limits"]): ResourceLimits {
  return Object.fromEntries(limits.map(({ resource, value }) => [resource, value]));
}
