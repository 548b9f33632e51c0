// Would a capability set allow this, whatever the kernel? The most specific sufficient grant decides.

import {
  type AccessMode,
  type Capabilities,
  type CapabilitySet,
  capabilitiesIn,
  checkedAccess,
  checkedPath,
  halvesOf,
  hostGranting,
  suffices,
  union,
} from "../capability/index.ts";
import { canonicalizeMissing, isWithin } from "../files/canonical-path.ts";

type Result<Fields> = Readonly<
  Fields & {
    [Name in Exclude<
      "grantedPath" | "deniedPath" | "access" | "granted" | "requested",
      keyof Fields
    >]?: undefined;
  }
>;

/** What `queryPath` answers: `reason` tells which of the further fields there are. */
export type PathQueryResult =
  | Result<{ status: "allowed"; reason: "granted_path"; grantedPath: string; access: AccessMode }>
  | Result<{ status: "denied"; reason: "path_not_granted" }>
  | Result<{ status: "denied"; reason: "path_denied"; deniedPath: string; requested: AccessMode }>
  | Result<{ status: "denied"; reason: "insufficient_access"; granted: AccessMode; requested: AccessMode }>;

export type NetworkQueryResult =
  | Result<{ status: "allowed"; reason: "network_allowed" }>
  | Result<{ status: "denied"; reason: "network_blocked" }>;

export type ConnectQueryResult =
  | NetworkQueryResult
  | Result<{ status: "denied"; reason: "host_not_granted" }>;

export type QueryResult = PathQueryResult | ConnectQueryResult;

/** Asks a capability set, as it was when the context was made, without applying it. */
export class QueryContext {
  readonly #capabilities: Capabilities;

  /** @throws NonoError `invalid-value` */
  constructor(capabilities: CapabilitySet | Capabilities) {
    this.#capabilities = capabilitiesIn(capabilities);
  }

  /**
   * Whether a path may be used so. The path need not exist; links are followed.
   *
   * Grants of one path add up, as they do in the kernel: reading by one and writing by another is `read+write`.
   *
   * @throws NonoError `invalid-value` and `invalid-text`, and the file system's own error when the path cannot be looked up
   */
  queryPath(path: string, requested: AccessMode): PathQueryResult {
    const halves = halvesOf(checkedAccess("queryPath", requested));
    const canonical = canonicalizeMissing(checkedPath("queryPath", path));
    const denial = this.#capabilities.denials.find(
      (one) => isWithin(canonical, one.path) && halvesOf(one.access).some((half) => halves.includes(half)),
    );
    if (denial !== undefined)
      return { status: "denied", reason: "path_denied", deniedPath: denial.path, requested };

    const covering = this.#capabilities.fs
      .filter((grant) =>
        grant.kind === "directory" ? isWithin(canonical, grant.path) : canonical === grant.path,
      )
      .sort((a, b) => b.path.length - a.path.length);
    const [nearest] = covering;
    if (nearest === undefined) return { status: "denied", reason: "path_not_granted" };
    const sufficient = covering.find((grant) => suffices(grant.access, requested));
    if (sufficient !== undefined)
      return {
        status: "allowed",
        reason: "granted_path",
        grantedPath: sufficient.path,
        access: sufficient.access,
      };
    const granted = covering.map((grant) => grant.access).reduce(union);
    if (suffices(granted, requested))
      return { status: "allowed", reason: "granted_path", grantedPath: nearest.path, access: granted };
    return { status: "denied", reason: "insufficient_access", granted, requested };
  }

  /** Whether TCP may connect there. @param asked `host`: an IP address, or a name as it was granted: none is looked up */
  queryConnect(asked: Readonly<{ host: string; port: number }>): ConnectQueryResult {
    const { network } = this.#capabilities;
    if (network.mode !== "ports") return this.queryNetwork();
    return network.connect.includes(asked.port) || hostGranting(network.hosts, asked) !== undefined
      ? { status: "allowed", reason: "network_allowed" }
      : { status: "denied", reason: "host_not_granted" };
  }

  /** Whether any network use is left: `ports` count as allowed. */
  queryNetwork(): NetworkQueryResult {
    return this.#capabilities.network.mode === "none"
      ? { status: "denied", reason: "network_blocked" }
      : { status: "allowed", reason: "network_allowed" };
  }
}
