// nono.node: what JavaScript cannot call. Mechanism only; every decision is made before it is called.

/** A failure of the launcher or of `apply`, as the C reports it. */
export type NativeFailure = Error & Readonly<{ step: number; index: number; errno: number }>;

/** A request that waits for an answer, as supervise.h and request.h have it. Paths are bytes. */
export type NativeRequest = Readonly<{
  ticket: number;
  thread: number;
  operation: number;
  reason: number;
  flags: number;
  mode: number;
  wanted: number;
  missing: number;
  path: Buffer | null;
  given: Buffer | null;
  otherWanted: number;
  otherMissing: number;
  otherPath: Buffer | null;
  otherGiven: Buffer | null;
  blocked: Buffer | null;
  address: Buffer | null;
  socketType: number;
  other: number;
}>;

/**
 * `withdrawn`: a ticket that nobody waits for any more. `noted`: `notes` has some. `ended`: an errno, 0 when every process
 * has ended.
 */
export type NativeListener = (
  ...told: ["request", NativeRequest] | ["withdrawn" | "noted" | "ended", number]
) => void;

export type NativeCounts = Readonly<{
  received: number;
  continued: number;
  performed: number;
  asked: number;
  waiting: number;
  threads: number;
  refused: Readonly<Record<"parked" | "descriptors" | "threads" | "deadline" | "unreadable", number>>;
}>;

/** A look at directories of executables that has begun: whoever asks waits for its end. */
export type NativeLook = Readonly<{ readonly executables: unique symbol }>;

export interface NativeSupervisor {
  /** `kind` of supervise.h. @returns false when nobody waits for it any more */
  answer(ticket: number, kind: number, errno: number): boolean;
  /** Rules and patterns from now on, beside those of the table. @throws NativeFailure */
  extend(table: Uint8Array): void;
  /** Whoever opens `path` by that name, for reading, gets this file, which stays the caller's. Once. @throws an Error with `errno` */
  standIn(path: string, descriptor: number): void;
  /** What was noted since it was last asked, as supervise.h has it; null: nothing. */
  notes(): Buffer | null;
  /** `undefined` once it was closed. */
  count(): NativeCounts | undefined;
  /** The launcher may go on to the command, where the table holds it. */
  letGo(): void;
  /** Refuses what waits; calls that are trapped from now on fail with ENOSYS. */
  close(): void;
}

export type NativeSize = Readonly<{ rows: number; columns: number; height: number; width: number }>;

export interface NativeWatch {
  /** Tells once when the descriptor is readable or writable, whichever was asked for last. */
  await(descriptor: number, readable: boolean, writable: boolean): void;
  close(): void;
}

/** A connected socket, and the process at its other end as the kernel saw it connect or listen. */
export type NativePeer = Readonly<{ descriptor: number; pid: number; uid: number }>;

export interface Addon {
  /** Version of the plan format; must equal PLAN_VERSION. */
  readonly planVersion: number;
  /** Highest Landlock ABI of the running kernel; 0 without Landlock, and then `error` is the errno that says why. */
  landlock(): Readonly<{ abi: number; error: number; errata: number }>;
  /** Seccomp features found by asking the kernel (seccomp(2) GET_ACTION_AVAIL, GET_NOTIF_SIZES). */
  seccomp(): Readonly<{ filter: boolean; notify: boolean; waitKillable: boolean }>;
  /**
   * Whether a supervisor can be had, by trying it: 0, or an errno. `listener`: what seccomp(2) says in a child, EBUSY where
   * there is one already; `inspection`: what the calls say by which it looks into the processes below it, and apart from
   * which each of its threads has a working directory.
   */
  listener(): Readonly<{ listener: number; inspection: number }>;
  /** On macOS: whether this process has a sandbox already. */
  seatbelt?(): Readonly<{ confined: boolean }>;
  /** On macOS, as proc_pidinfo(2) has it: when it started, in microseconds since 1970; null for what is not there. */
  describeProcess?(pid: number): Readonly<{ parent: number; started: number; zombie: boolean }> | null;
  /** On macOS: the numbers of all processes. */
  processes?(): readonly number[];
  /** On macOS: which boot of the machine this is. */
  bootSession?(): string;
  /** A sealed memory file holding `bytes`, close-on-exec; its descriptor, at offset 0. */
  memfd(name: string, bytes: Uint8Array): number;
  /** A close-on-exec pipe. */
  pipe(): Readonly<{ read: number; write: number }>;
  /**
   * Replaces this process. Descriptors in `inherit` lose close-on-exec.
   * @throws NativeFailure; only returns by throwing
   */
  execve(
    path: Uint8Array,
    argv: readonly Uint8Array[],
    environment: readonly Uint8Array[],
    inherit: readonly number[],
  ): never;
  /**
   * Starts the launcher with these descriptors (at most 4), which it gets as its arguments, and no environment. What
   * `relaySignals` passes on is held from then on until that is called.
   * @param standard what become its 0, 1 and 2; fewer: the others are inherited
   * @returns its process id; nobody waits for it, so it stays a zombie until this process ends
   * @throws NativeFailure
   */
  start(launcher: Uint8Array, inherit: readonly number[], standard: readonly number[]): number;
  /**
   * Restricts every thread of this process to an encoded plan.
   * @throws NativeFailure before the first thread is restricted; later failures abort the process
   */
  apply(plan: Uint8Array): void;
  /**
   * From now on passes SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH on to `pid` when a process sent them;
   * what the terminal sends reaches the whole foreground group anyway and is not passed on twice.
   * @param fromTerminal that, too: `pid` is in a session of its own
   */
  relaySignals(pid: number, fromTerminal: boolean): void;
  /** A close-on-exec pair of connected unix stream sockets, for the launcher to hand its listener over. */
  channel(): Readonly<{ ours: number; theirs: number }>;
  /**
   * Answers, on threads of its own, the system calls of the sandbox whose listener comes through `channel`, which is
   * copied. What `table` does not decide is told, one after the other.
   * @throws NativeFailure for a table that cannot be read (`index` is the offset), or where no thread can be had
   */
  supervise(channel: number, table: Uint8Array, told: NativeListener): NativeSupervisor;
  /** A new pseudo-terminal, both ends close-on-exec. Its master never blocks. */
  openTerminal(): Readonly<{ master: number; slave: number; name: string }>;
  /** The modes of a terminal (termios(3)) as bytes. @throws NativeFailure ENOTTY for what is none */
  terminalModes(descriptor: number): Uint8Array;
  /** At once; stops this process, as the kernel has it, when it is not in the foreground. */
  setTerminalModes(descriptor: number, modes: Uint8Array): void;
  /** The same modes without any processing (cfmakeraw(3)). */
  rawModes(modes: Uint8Array): Uint8Array;
  /** Rows and columns in characters, height and width in pixels; 0: not known. */
  terminalSize(descriptor: number): NativeSize;
  resizeTerminal(descriptor: number, rows: number, columns: number, height: number, width: number): void;
  /** Whether this process's group is the one in the foreground; null where it is not its controlling terminal. */
  isForeground(descriptor: number): boolean | null;
  /**
   * After a command that may have left it to a group that is gone: ours is in the foreground then. In any case writing
   * stops this process no more, for good.
   */
  takeTerminalBack(descriptor: number): void;
  /** A thread that waits for descriptors; keeps the program alive until it is closed. */
  watch(told: (descriptor: number, readable: boolean, writable: boolean) => void): NativeWatch;
  /** A listening unix stream socket, close-on-exec; like those below it never blocks. @throws NativeFailure */
  listen(path: Uint8Array): number;
  /** Whoever has connected to it, or null. */
  accept(listening: number): NativePeer | null;
  /** @throws NativeFailure ECONNREFUSED when nobody listens, ENOENT without a socket, EAGAIN when too many wait */
  connect(path: Uint8Array): NativePeer;
  /** A pidfd of the process at the other end, close-on-exec; null before Linux 6.5, and for one that has ended. */
  peerHandle(descriptor: number): number | null;
  /** Begins to look for names in directories, beside JavaScript; each with a NUL behind it. */
  lookForExecutables(directories: Uint8Array, names: Uint8Array): NativeLook;
  /**
   * Which of the names are in which of the directories.
   * @returns for each that is there three numbers of 32 bits, in the machine's order: of its directory, of its name, and what
   *   it is, links not followed: 1 a directory, 2 a link, 3 anything else, 4 the same with further names, 255 what may not be
   *   looked at
   */
  namesPresent(look: NativeLook): Buffer;
  /**
   * @param paths absolute, each with a NUL behind it
   * @returns the same numbers for each, 0 for nothing; 255 also for a link, and for what lies behind one
   */
  kindsOfPaths(paths: Uint8Array): Uint8Array;
  /**
   * By which links of the directories, or else by which files, objects are reached; links on the way are followed.
   * @param objects device and inode of each, 64 bits, in the machine's order
   * @returns the number of the object and the name, in turn
   */
  namesBehind(look: NativeLook, links: boolean, objects: Uint8Array): readonly (number | Uint8Array)[];
  /**
   * The entries of an open directory, sorted by the bytes of their names: the records of file-record.h, each with its
   * name behind it.
   */
  listDirectory(directory: number): Buffer;
  /**
   * The same for many directories beside JavaScript, of which only those are told that are not as they were. No link is
   * followed anywhere on the way to them.
   *
   * @param known listings as packages/core/src/snapshot/cached-directory.ts has them, each led by its length; nobody changes it meanwhile
   * @param first number of the first one that is compared
   * @param count how many are, or fewer when there are no more
   * @param background less important than all else on the machine
   * @returns for each its record, an errno or 0, the length of its listing and the number of its entries (32 bits each, and 32
   *   unused); for each entry the number of the known one with its name, plus one, or 0 (31 bits), and whether the record is the
   *   same (the highest bit); and the listing. For one that is still the same directory with the same listing the length is
   *   2^32 - 1, and neither of these follows
   */
  compareDirectories(known: Uint8Array, first: number, count: number, background: boolean): Promise<Buffer>;
  /** openat(2), close-on-exec, never through a link as the last component. @throws NativeFailure ELOOP for one */
  openFile(directory: number, name: Uint8Array, flags: number, mode: number): number;
  /** A record, of the descriptor itself when `name` is empty; null for what is not there. Links are not followed. */
  describeFile(directory: number, name: Uint8Array): Buffer | null;
  /**
   * Reads a whole regular file that is smaller than `room`, never waiting for a fifo.
   * @param record is filled with what the file was when it was opened
   * @returns its length, or -1: not a regular file, -2: too large, -3: changed while it was read, -4: may have holes
   */
  readFile(directory: number, name: Uint8Array, room: Uint8Array, record: Uint8Array): number;
  /**
   * The same for many files, with their SHA-256, beside JavaScript.
   * @param files for each the absolute path of its directory, empty for that of the one before, and its name; with a NUL
   *   behind each. No link is followed anywhere on the way
   * @param room gets the contents; nobody else touches it until then
   * @param background less important than all else on the machine
   * @returns for each file 112 bytes: its record (64), its digest (32), its length or why not, as above, below -100 the
   *   negative errno under it (8), where in the room it begins (8)
   */
  readFiles(files: Uint8Array, room: Uint8Array, background: boolean): Promise<Buffer>;
  /**
   * Steps of a restore, beside JavaScript: a small file is written beside its place and renamed into it, a directory is made,
   * or gets its mode and time. Nobody else uses the temporary name in one of the directories meanwhile.
   *
   * @param texts the name that files have before they are whole; for each step the absolute path of the directory, empty for
   *   that of the one before, and the name; with a NUL behind each. No link is followed anywhere on the way
   * @param room for each step 104 bytes, as packages/native/src/addon/file-restore.c has them, then contents; nobody else
   *   touches it until then
   * @returns for each step 0, or an errno: then it is not done (32 bits)
   */
  restoreFiles(texts: Uint8Array, room: Uint8Array): Promise<Buffer>;
  /** Sets when it was modified, of a link itself, or of the descriptor when `name` is empty. */
  setFileTime(directory: number, name: Uint8Array, seconds: number, nanoseconds: number): void;
  /** Where an open file has data: pairs of offset and length, 64 bits each. */
  dataOfFile(descriptor: number): Buffer;
  /** Whether the file system could share the whole content (FICLONE). */
  cloneFile(from: number, to: number): boolean;
  /** flock(2) without waiting; ends with the descriptor. @returns false when somebody else holds it */
  lockFile(descriptor: number, exclusive: boolean): boolean;
  /** syncfs(2): everything written so far to the file system that the descriptor is of. */
  syncFileSystem(descriptor: number): void;
  /** Extended attributes of the user namespace; null when there are none at all. Names as Latin-1 text. */
  attributes(descriptor: number): Readonly<Record<string, Buffer>> | null;
  setAttribute(descriptor: number, name: Uint8Array, value: Uint8Array): void;
  removeAttribute(descriptor: number, name: Uint8Array): void;
  /**
   * Enters rows that begin with a digest into a table with open addressing: by its first 32 bits, modulo the number of slots.
   *
   * @param size of a row, in bytes
   * @param first number of the first row
   * @param slots 32 bits each, a power of two of them: numbers plus one, or 0 for none
   * @throws NativeFailure EINVAL when there is no room for all
   */
  indexRows(rows: Uint8Array, size: number, first: number, slots: Uint8Array): void;
  /**
   * What is remembered of a tree, as packages/core/src/snapshot/cached-directory.ts has it, each directory led by its length.
   * @returns for each directory 8 numbers of 32 bits: where it begins among the listings and among the leaves, how many
   *   directories it is with all below it; and, summed up of those before it, how many are not whole, entries, files, bytes of
   *   files (64 bits); at last the same behind all. @throws RangeError when it is none
   */
  indexTree(listings: Uint8Array, leaves: Uint8Array): Buffer;
  /** Of the same the leaves in the order of a snapshot, as a row. @throws RangeError when they are none */
  joinLeaves(leaves: Uint8Array): Buffer;
  /**
   * The Merkle root of a row of leaves, and how it is cut into chunks, beside JavaScript.
   * @param row nobody changes it meanwhile
   * @returns the root (32 bytes), and for each chunk where it ends (32 bits), and its SHA-256 (32 bytes)
   * @throws NativeFailure EINVAL for what is no row, or beyond 4 GiB
   */
  digestRow(row: Uint8Array): Promise<Buffer>;
  /**
   * The leaf hashes of RFC 6962.
   * @param leaves one behind the other, each led by its length (32 bits)
   * @returns 32 bytes for each. @throws RangeError when they are cut off
   */
  hashLeaves(leaves: Uint8Array): Buffer;
  /** The root over leaf hashes, which lie one behind the other. @throws RangeError for half a hash */
  merkleRoot(hashes: Uint8Array): Buffer;
  /** No core file of this process, and nobody of the same user reads its memory (PR_SET_DUMPABLE). */
  hideMemory(): void;
}

type FunctionName = {
  [K in keyof Addon]-?: Addon[K] extends (...args: never[]) => unknown ? K : never;
}[keyof Addon];

/** One that is missing tells that the addon is older than this code. `linux`: elsewhere there is none. */
const FUNCTIONS: Readonly<Record<FunctionName, true | "linux">> = {
  landlock: "linux",
  seccomp: "linux",
  listener: "linux",
  memfd: true,
  pipe: true,
  execve: true,
  start: true,
  apply: true,
  relaySignals: true,
  channel: "linux",
  supervise: "linux",
  openTerminal: "linux",
  terminalModes: true,
  setTerminalModes: true,
  rawModes: true,
  terminalSize: true,
  resizeTerminal: true,
  isForeground: true,
  takeTerminalBack: true,
  watch: true,
  listen: true,
  accept: true,
  connect: true,
  peerHandle: "linux",
  lookForExecutables: "linux",
  namesPresent: "linux",
  kindsOfPaths: "linux",
  namesBehind: "linux",
  listDirectory: true,
  compareDirectories: true,
  openFile: true,
  describeFile: true,
  readFile: true,
  readFiles: true,
  restoreFiles: true,
  setFileTime: true,
  dataOfFile: true,
  cloneFile: true,
  lockFile: true,
  syncFileSystem: true,
  attributes: true,
  setAttribute: true,
  removeAttribute: true,
  indexTree: true,
  joinLeaves: true,
  digestRow: true,
  hashLeaves: true,
  indexRows: true,
  merkleRoot: true,
  hideMemory: true,
};

export function isComplete(addon: Addon): boolean {
  return Object.entries(FUNCTIONS).every(
    ([name, where]) =>
      (where === "linux" && process.platform !== "linux") ||
      typeof addon[name as FunctionName] === "function",
  );
}
