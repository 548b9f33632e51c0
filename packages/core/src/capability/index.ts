export { type AccessHalf, AccessMode, halvesOf, suffices, union } from "./access.ts";
export { capabilitiesIn } from "./asked.ts";
export type {
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
export { CapabilitySet, type FsCapabilityInfo } from "./capability-set.ts";
export { checkedAccess, checkedArguments, checkedOneOf, checkedPath } from "./checked.ts";
export { checkedCapabilities } from "./checked-capabilities.ts";
export { hostGranting, ipAddressOf, isLoopback } from "./host.ts";
