// Which operations of Seatbelt a profile of ours names, each with where it is known from: nothing is written from memory.
// An operation that the running macOS does not know makes the whole profile fail, and nothing is started.
//
// `number`: the one it has in operation_names of Apple's libsandbox.1.dylib, macOS 14.4.1 (23E224). What it covers:
//
//   guide       Apple Sandbox Guide v1.0 (reverse.put.as, 2011), which matches operations with functions of XNU
//   chromium    sandbox/policy/mac/common.sb and sandbox/mac/seatbelt_sandbox_design.md of the Chromium project
//   profiles    what Apple's own profiles use it for: /System/Library/Sandbox/Profiles, /usr/share/sandbox
//   measured    tests of other sandboxes that run on Macs, and say what they found
//   xnu         security/mac_policy.h in Apple's kernel: the check that the operation is named for

type Fact = Readonly<{ covers: string; number: number; source: string }>;

export const OPERATIONS = {
  "file-read*": { covers: "contents, metadata and extended attributes", number: 21, source: "guide" },
  "file-read-data": { covers: "reading a file, listing a directory", number: 22, source: "guide" },
  "file-read-metadata": { covers: "stat(2), readlink(2)", number: 23, source: "guide" },
  "file-read-xattr": { covers: "reading extended attributes", number: 24, source: "guide" },
  "file-test-existence": { covers: "access(2) with F_OK", number: 27, source: "profiles" },
  "file-map-executable": { covers: "mapping a library", number: 17, source: "profiles, measured" },
  "file-write*": { covers: "all whose name begins with file-write", number: 29, source: "guide" },
  "file-write-create": {
    covers: "making a file, directory, link or socket; the new name of a rename",
    number: 31,
    source: "xnu",
  },
  "file-write-data": { covers: "writing and truncating", number: 32, source: "guide" },
  "file-write-unlink": {
    covers: "removing; the old name of a rename, and what it replaces",
    number: 39,
    source: "xnu, measured",
  },
  "file-write-setugid": { covers: "set-user-id and set-group-id bits", number: 37, source: "guide" },
  "file-link": { covers: "link(2), by the existing name", number: 15, source: "xnu, measured" },
  "file-clone": { covers: "clonefile(2), by the existing name", number: 12, source: "xnu" },
  "file-ioctl": { covers: "ioctl(2) on files and devices", number: 13, source: "guide" },
  "process-exec*": { covers: "executing a file, also as an interpreter", number: 120, source: "guide" },
  "process-fork": { covers: "fork(2)", number: 122, source: "guide" },
  "process-info*": {
    covers: "asking about processes and controlling them; allowed unless it is denied",
    number: 123,
    source: "chromium, measured",
  },
  signal: { covers: "kill(2)", number: 145, source: "guide, measured" },
  "mach-lookup": { covers: "reaching a Mach service by its name", number: 96, source: "guide" },
  "mach-priv-task-port": { covers: "the port that controls a process", number: 99, source: "guide" },
  "sysctl-read": { covers: "reading a variable of the kernel", number: 155, source: "guide" },
  "iokit-get-properties": {
    covers: "reading properties of devices; allowed unless it is denied",
    number: 60,
    source: "chromium",
  },
  "nvram*": {
    covers: "variables of the firmware; allowed unless it is denied",
    number: 113,
    source: "chromium",
  },
  "ipc-posix-shm-read-data": { covers: "reading shared memory", number: 76, source: "profiles" },
  "pseudo-tty": { covers: "making a terminal", number: 144, source: "profiles" },
  "dynamic-code-generation": { covers: "MAP_JIT", number: 9, source: "profiles" },
  "network-outbound": {
    covers: "connecting and sending; by path to a unix socket",
    number: 112,
    source: "guide",
  },
  "network-inbound": { covers: "accepting and receiving", number: 110, source: "guide" },
  "network-bind": { covers: "bind(2); by path of a unix socket", number: 111, source: "guide" },
  "system-socket": { covers: "sockets of kernel control and of routing", number: 181, source: "profiles" },
  "appleevent-send": { covers: "Apple Events", number: 1, source: "profiles" },
  lsopen: { covers: "Launch Services: open(1)", number: 86, source: "profiles, measured" },
  "job-creation": { covers: "giving launchd a job", number: 85, source: "profiles, measured" },
  "user-preference-write": {
    covers: "changing preferences through cfprefsd",
    number: 187,
    source: "profiles",
  },
} as const satisfies Record<string, Fact>;

export type Operation = keyof typeof OPERATIONS;
