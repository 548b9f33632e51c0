// nono-ts: confines this process, or one it starts, to what a capability set grants. Policy-free: it applies what it is
// asked for and nothing else.

export {
  type AuditStore,
  type BeginOptions,
  lookAtAudit,
  openAudit,
  type Survey,
} from "./audit/audit-store.ts";
export type { Json, JsonObject } from "./audit/canonical.ts";
export type { Finding } from "./audit/check-links.ts";
export { sessionOfOrigin } from "./audit/checkpoint.ts";
export { type AuditCleanup, type AuditCleanupOptions, cleanUpAudit } from "./audit/clean-up.ts";
export type { LogEnd } from "./audit/head.ts";
export { keysIn, proveHistory } from "./audit/history-proof.ts";
export type { AuditEntry, AuditEvent } from "./audit/line.ts";
export {
  type ProofDocument,
  parseProof,
  problemOfProof,
  proveConsistency,
  proveInclusion,
} from "./audit/proof-document.ts";
export { followEvents, LogReader, readEvents, readLines } from "./audit/read-log.ts";
export type { Removed } from "./audit/removed.ts";
export type { CheckpointPace, SessionLog } from "./audit/session-log.ts";
export { readTail } from "./audit/tail.ts";
export {
  type AnchorResult,
  type AuditVerification,
  type SessionState,
  type VerifiedSession,
  type VerifyOptions,
  verifyAudit,
} from "./audit/verify-audit.ts";
export {
  AccessMode,
  type Capabilities,
  CapabilitySet,
  type CommandRule,
  type Environment,
  type FsCapability,
  type FsCapabilityInfo,
  type FsDenial,
  type HostCapability,
  type NetworkCapability,
  type PathKind,
  type ResourceLimits,
  type Source,
  type UnixSocketCapability,
} from "./capability/index.ts";
export { NonoError, type Problem } from "./error.ts";
export type { CanonicalPath } from "./files/canonical-path.ts";
export type { FileView } from "./files/file-view.ts";
export type { Digest } from "./hash/digest.ts";
export { fetchSecret, type Sources } from "./keystore/fetch-secret.ts";
export { fileStore, type Unlock } from "./keystore/file-store.ts";
export {
  defaultVariableOf,
  isAccountName,
  parseSecretReference,
  type SecretReference,
} from "./keystore/reference.ts";
export { SecretBytes } from "./keystore/secret-bytes.ts";
export type { SecretStore } from "./keystore/secret-store.ts";
export { systemKeyring } from "./keystore/system-keyring.ts";
export type { PathRule, PortRule, Ruleset, SplitRule } from "./landlock/ruleset.ts";
export type { Container, Kernel, Place } from "./place/place.ts";
export { type CompileOptions, compilePlan } from "./plan/compile.ts";
export type { SecretVariable } from "./plan/encode.ts";
export type { DarwinPlan, Limit, LinuxPlan, Plan } from "./plan/plan.ts";
export type { Destination, NamePattern, Supervision } from "./plan/supervision.ts";
export { activeProtections, apply } from "./process/apply.ts";
export { type Executable, exec, execPlan } from "./process/exec.ts";
export {
  type Ending,
  type Guarded,
  type GuardOptions,
  type OwnTerminal,
  runGuarded,
} from "./process/run-guarded.ts";
export { type ConfinedSpawnOptions, protectionsOfChild, spawn } from "./process/spawn.ts";
export {
  type Mechanism,
  PROTECTIONS,
  type Protection,
  type ProtectionName,
} from "./protection/protection.ts";
export {
  type ConnectQueryResult,
  type NetworkQueryResult,
  type PathQueryResult,
  QueryContext,
  type QueryResult,
} from "./query/query-context.ts";
export { type PathAnswer, type QueriedPlan, queryPath } from "./query/query-plan.ts";
export { SandboxState } from "./query/sandbox-state.ts";
export type { SeatbeltProfile } from "./seatbelt/profile.ts";
export type { Filter as SeatbeltFilter } from "./seatbelt/rule.ts";
export { type Cleanup, type CleanupOptions, cleanUp } from "./snapshot/cleanup.ts";
export type { Entries } from "./snapshot/compare.ts";
export { type Change, type ChangeKind, diffEntries } from "./snapshot/diff.ts";
export type { Entry, FileEntry } from "./snapshot/entry.ts";
export { DEFAULT_EXCLUDES, DEFAULT_FILTER, type Filter } from "./snapshot/filter.ts";
export type { Snapshot, SnapshotKind, Uncaptured } from "./snapshot/manifest.ts";
export type { ObjectStore } from "./snapshot/object-store.ts";
export {
  applyRestore,
  type PreparedRestore,
  prepareRestore,
  type Restored,
  type RestoreOptions,
} from "./snapshot/restore.ts";
export type { Conflict, ConflictReason, RestoreAction, RestorePlan } from "./snapshot/restore-plan.ts";
export type { SessionFiles, TrackedSession } from "./snapshot/session-files.ts";
export type { SnapshotSession } from "./snapshot/snapshot-session.ts";
export { openSnapshots, type SnapshotStore } from "./snapshot/snapshot-store.ts";
export { type Damage, type Verification, verifySession } from "./snapshot/verify.ts";
export type { Budget } from "./snapshot/walk.ts";
export type { ProcessInfo } from "./supervisor/process-info.ts";
export type { Observation, ObservedProcess } from "./supervisor/read-notes.ts";
export type {
  Answer,
  OpenMode,
  OtherProcess,
  PathOperation,
  Reason,
  Request,
  RequestedPath,
  SharedObject,
} from "./supervisor/request.ts";
export { runSupervised, type Supervised } from "./supervisor/run-supervised.ts";
export type { SocketAddress } from "./supervisor/socket-address.ts";
export {
  type Counts,
  type FurtherGrant,
  type SuperviseOptions,
  type Supervisor,
  type SupervisorEvent,
  supervise,
  superviseChannel,
  type Witness,
} from "./supervisor/supervise.ts";
export { probe } from "./support/probe.ts";
export { isSupported, type SupportInfo, supportInfo } from "./support/support.ts";
export { bytesOf, textOf } from "./text/bytes.ts";
