// Would a capability set allow this, whatever the kernel? The most specific sufficient grant decides.

import {
  type AccessMode,
  type Capabilities,
  CapabilitySet,
  halvesOf,
  suffices,
  union,
} from "../capability/index.ts";
import { canonicalizeMissing, isWithin } from "../files/canonical-path.ts";

export type QueryResult =
  | Readonly<{ status: "allowed"; reason: "granted_path"; grantedPath: string; access: AccessMode }>
  | Readonly<{ status: "allowed"; reason: "network_allowed" }>
  | Readonly<{ status: "denied"; reason: "path_not_granted" | "network_blocked" }>
  | Readonly<{ status: "denied"; reason: "path_denied"; deniedPath: string; requested: AccessMode }>
  | Readonly<{ status: "denied"; reason: "insufficient_access"; granted: AccessMode; requested: AccessMode }>;

/** Asks a capability set, as it was when the context was made, without applying it. */
export class QueryContext {
  readonly #capabilities: Capabilities;

  constructor(capabilities: CapabilitySet | Capabilities) {
    this.#capabilities = capabilities instanceof CapabilitySet ? capabilities.value() : capabilities;
  }

  /**
   * Whether a path may be used so. The path need not exist; links are followed.
   *
   * Grants of one path add up, as they do in the kernel: reading by one and writing by another is `read+write`.
   *
   * @throws the file system's own error when the path cannot be looked up
   */
  queryPath(path: string, requested: AccessMode): QueryResult {
    const canonical = canonicalizeMissing(path);
    const halves = halvesOf(requested);
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

  /** Whether any network use is left: `ports` count as allowed. */
  queryNetwork(): QueryResult {
    return this.#capabilities.network.mode === "none"
      ? { status: "denied", reason: "network_blocked" }
      : { status: "allowed", reason: "network_allowed" };
  }
}
