// What is enforced, and by what: the status that every sandbox can be asked for.

/** Everything a sandbox may protect, in the order in which it is shown. */
export const PROTECTIONS = {
  "file-grants": "files outside the grants are out of reach",
  denials: "denied paths inside a grant stay out of reach",
  truncate: "files outside the write grants cannot be truncated",
  "device-ioctl": "devices outside the grants take no commands",
  "blocked-commands": "blocked commands cannot be executed",
  network: "network use is limited to what is granted",
  "unix-sockets": "unix sockets outside the grants are out of reach",
  "abstract-sockets": "abstract unix sockets outside the sandbox are out of reach",
  signals: "processes outside the sandbox cannot be signalled",
  "process-isolation": "processes outside the sandbox cannot be traced or read",
  "shared-objects": "System V memory, queues and semaphores made outside are out of reach",
  scheduling: "priorities and processors of processes outside stay as they are",
  metadata: "modes, owners, times and attributes outside the write grants stay as they are",
  "kernel-surface": "kernel interfaces that no agent needs are shut",
  descriptors: "only named descriptors are inherited",
  environment: "loader variables and withheld secrets do not reach the program",
  privileges: "no privileges can be gained, and root has none that matter",
  approvals: "what is not granted can be asked for while the program runs",
  reports: "what was refused is told: which process, which path, and why",
  "session-end": "every process of the session ends with it",
} as const;

export type ProtectionName = keyof typeof PROTECTIONS;

/** What enforces a protection. */
export type Mechanism =
  | "landlock"
  | "seccomp"
  | "landlock and seccomp"
  | "seatbelt"
  | "launcher"
  | "guardian"
  | "supervisor";

/** One protection and where it stands. `note` tells a limit of what is enforced. */
export type Protection = Readonly<{ name: ProtectionName }> &
  (
    | Readonly<{ status: "enforced"; by: Mechanism; note?: string }>
    | Readonly<{ status: "unavailable"; why: string }>
    | Readonly<{ status: "not-asked" }>
  );
