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
  hostGranting,
  ipAddressOf,
  isLoopback,
  type NetworkCapability,
  type PathKind,
  type ResourceLimits,
  type Source,
  type UnixSocketCapability,
} from "./capability/index.ts";
export { hostText, networkText } from "./capability/summary.ts";
export { stillBlocked } from "./command/blocked-executables.ts";
export { type FoundCommand, findCommand } from "./command/find-command.ts";
export { Watcher } from "./descriptor/watcher.ts";
export { isLoaderVariable, withoutLoaderVariables } from "./environment/loader-variables.ts";
export { NonoError, type Problem } from "./error.ts";
export { type CanonicalPath, canonicalize, canonicalizeMissing, isWithin } from "./files/canonical-path.ts";
export { descriptorPath, REACH_DIRECTORY } from "./files/descriptor-path.ts";
export { type ReservedFile, reserveFile, writeDurably } from "./files/durable-write.ts";
export { type FileView, realFiles, remembering } from "./files/file-view.ts";
export { type Distrust, distrustOf } from "./files/ownership.ts";
export { baseNameOf, directoryOf, resolvePath } from "./files/path-names.ts";
export { pathResolver, type ResolvedPath } from "./files/path-resolver.ts";
export { readRegular } from "./files/regular-file.ts";
export { synced } from "./files/synced.ts";
export { type Digest, digestOf, startSha256 } from "./hash/digest.ts";
export { fetchSecret, type Sources } from "./keystore/fetch-secret.ts";
export { fileStore, type Unlock } from "./keystore/file-store.ts";
export { readPrivateFile } from "./keystore/private-file.ts";
export {
  defaultVariableOf,
  isAccountName,
  parseSecretReference,
  type SecretReference,
} from "./keystore/reference.ts";
export { SecretBytes, withoutLineBreak } from "./keystore/secret-bytes.ts";
export type { SecretStore } from "./keystore/secret-store.ts";
export { systemKeyring } from "./keystore/system-keyring.ts";
export { rightNames } from "./landlock/rights.ts";
export type { PathRule, PortRule, Ruleset, SplitRule } from "./landlock/ruleset.ts";
export { type Lock, lockFile } from "./native/locks.ts";
export { pathResolverFor } from "./native/look-ahead.ts";
export { macProcesses } from "./native/mac-processes.ts";
export { type Container, type Kernel, type Place, placeHere } from "./place/place.ts";
export { type CompileOptions, compilePlan } from "./plan/compile.ts";
export { lookForCommands } from "./plan/compile-linux.ts";
export type { SecretVariable } from "./plan/encode.ts";
export type { DarwinPlan, Limit, LinuxPlan, Plan } from "./plan/plan.ts";
export { type Destination, type NamePattern, type Supervision, servedPaths } from "./plan/supervision.ts";
export { cryptoModule, systemModule } from "./platform-modules.ts";
export { activeProtections, apply } from "./process/apply.ts";
export { type Executable, exec, execPlan } from "./process/exec.ts";
export { hideMemory } from "./process/hide-memory.ts";
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
export { randomBelow, randomBytes, randomId } from "./random.ts";
export type { SeatbeltProfile } from "./seatbelt/profile.ts";
export type { Filter as SeatbeltFilter } from "./seatbelt/rule.ts";
export { type Cleanup, type CleanupOptions, cleanUp } from "./snapshot/cleanup.ts";
export { byPath, type Entries } from "./snapshot/compare.ts";
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
export {
  type ConnectionListener,
  connectLocal,
  LocalConnection,
  LocalServer,
  type Peer,
} from "./socket/local-socket.ts";
export type { PeerProcess } from "./socket/peer-process.ts";
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
export { isSupported, type SupportInfo, supervisorRefusal, supportInfo } from "./support/support.ts";
export { CommandTerminal, type TerminalListener } from "./terminal/command-terminal.ts";
export { FullScreen, type ScreenEvent } from "./terminal/full-screen.ts";
export type { TerminalSize } from "./terminal/real-terminal.ts";
export { takeTerminalBack } from "./terminal/take-back.ts";
export { terminalColumns } from "./terminal/terminal-columns.ts";
export { TerminalInput } from "./terminal/terminal-input.ts";
export { bytesOf, textOf } from "./text/bytes.ts";
export { compareSessions } from "./text/session-order.ts";
export { show } from "./text/show.ts";
export { showJson, showJsonText } from "./text/show-json.ts";
