export { type AccessHalf, AccessMode, halvesOf, suffices, union } from "./access.ts";
export type {
  Capabilities,
  CommandRule,
  Environment,
  FsCapability,
  FsDenial,
  NetworkCapability,
  PathKind,
  ResourceLimits,
  Source,
  UnixSocketCapability,
} from "./capabilities.ts";
export { CapabilitySet, type FsCapabilityInfo } from "./capability-set.ts";
