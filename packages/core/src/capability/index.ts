export { type AccessHalf, AccessMode, halvesOf, suffices, union } from "./access.ts";
export { capabilitiesIn } from "./asked.ts";
export {
  type Capabilities,
  type CommandRule,
  type Environment,
  type FsCapability,
  type FsDenial,
  type HostCapability,
  LIMITS,
  type NetworkCapability,
  type PathKind,
  type ResourceLimits,
  type Source,
  type UnixSocketCapability,
} from "./capabilities.ts";
export { CapabilitySet, type FsCapabilityInfo } from "./capability-set.ts";
export { checkedAccess, checkedArguments, checkedOneOf, checkedPath } from "./checked.ts";
export { hostGranting, ipAddressOf, isLoopback } from "./host.ts";
