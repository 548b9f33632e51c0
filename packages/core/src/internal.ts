// What the command line shares with the library, and nobody else: it is in no package that is published, and may change
// with every commit. What others import is index.ts.

export { hostGranting, ipAddressOf, isLoopback } from "./capability/index.ts";
export { hostText, networkText } from "./capability/summary.ts";
export { stillBlocked } from "./command/blocked-executables.ts";
export { type FoundCommand, findCommand } from "./command/find-command.ts";
export { Watcher } from "./descriptor/watcher.ts";
export { isLoaderVariable, withoutLoaderVariables } from "./environment/loader-variables.ts";
export { canonicalize, canonicalizeMissing, isWithin } from "./files/canonical-path.ts";
export { descriptorPath, REACH_DIRECTORY } from "./files/descriptor-path.ts";
export { type ReservedFile, reserveFile, writeDurably } from "./files/durable-write.ts";
export { realFiles, remembering } from "./files/file-view.ts";
export { type Distrust, distrustOf } from "./files/ownership.ts";
export { baseNameOf, directoryOf, resolvePath } from "./files/path-names.ts";
export { pathResolver, type ResolvedPath } from "./files/path-resolver.ts";
export { readRegular } from "./files/regular-file.ts";
export { synced } from "./files/synced.ts";
export { digestOf, startSha256 } from "./hash/digest.ts";
export { readPrivateFile } from "./keystore/private-file.ts";
export { withoutLineBreak } from "./keystore/secret-bytes.ts";
export { rightNames } from "./landlock/rights.ts";
export { type Lock, lockFile } from "./native/locks.ts";
export { pathResolverFor } from "./native/look-ahead.ts";
export { macProcesses } from "./native/mac-processes.ts";
export { placeHere } from "./place/place.ts";
export { lookForCommands } from "./plan/compile-linux.ts";
export { servedPaths } from "./plan/supervision.ts";
export { cryptoModule, systemModule } from "./platform-modules.ts";
export { hideMemory } from "./process/hide-memory.ts";
export { randomBelow, randomBytes, randomId } from "./random.ts";
export { byPath } from "./snapshot/compare.ts";
export {
  type ConnectionListener,
  connectLocal,
  LocalConnection,
  LocalServer,
  type Peer,
} from "./socket/local-socket.ts";
export type { PeerProcess } from "./socket/peer-process.ts";
export { supervisorRefusal } from "./support/support.ts";
export { CommandTerminal, type TerminalListener } from "./terminal/command-terminal.ts";
export { FullScreen, type ScreenEvent } from "./terminal/full-screen.ts";
export type { TerminalSize } from "./terminal/real-terminal.ts";
export { takeTerminalBack } from "./terminal/take-back.ts";
export { terminalColumns } from "./terminal/terminal-columns.ts";
export { TerminalInput } from "./terminal/terminal-input.ts";
export { compareSessions } from "./text/session-order.ts";
export { show } from "./text/show.ts";
export { showJson, showJsonText } from "./text/show-json.ts";
