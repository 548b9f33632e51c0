// Where each protection stands under a plan: the honest list that people and programs can ask for.

import { type Capabilities, checkedOneOf } from "../capability/index.ts";
import { NonoError } from "../error.ts";
import { PROTECTIONS, type Protection, type ProtectionName } from "../protection/protection.ts";
import { show } from "../text/show.ts";

export type Standing = Readonly<{
  capabilities: Capabilities;
  abi: number;
  /** `process`: applied to this process, not to one that is started. */
  target: "child" | "process";
  supervisor: boolean;
  guard: boolean;
  /** Threads are restricted one by one, so the domain's scopes are left out. */
  scopes: boolean;
  splitWrites: boolean;
  unblockable: readonly Readonly<{ command: string; why: string }>[];
}>;

type Status = Protection extends infer P ? (P extends Protection ? Omit<P, "name"> : never) : never;

/** Every protection in the order of the table. */
export function protectionsOf(standing: Standing): readonly Protection[] {
  return (Object.keys(PROTECTIONS) as ProtectionName[]).map(
    (name) => ({ name, ...STATUS[name](standing) }) as Protection,
  );
}

/**
 * Refuses a plan that lacks what was asked for: files, privileges and the kernel's surface always, the network and
 * blocked commands where they are limited, and whatever the caller requires.
 *
 * @throws NonoError `protection-unavailable`; `invalid-value` for a name that there is not
 */
export function requireProtections(
  protections: readonly Protection[],
  required: readonly ProtectionName[],
  mayBeMissing: readonly ProtectionName[],
): void {
  const names = Object.keys(PROTECTIONS) as ProtectionName[];
  for (const name of required) checkedOneOf("require", name, names);
  for (const name of mayBeMissing) checkedOneOf("mayBeMissing", name, names);
  for (const protection of protections) {
    if (protection.status !== "unavailable" || mayBeMissing.includes(protection.name)) continue;
    if (ALWAYS_REQUIRED.includes(protection.name) || required.includes(protection.name))
      throw new NonoError({
        code: "protection-unavailable",
        protection: protection.name,
        why: protection.why,
      });
  }
}

const ALWAYS_REQUIRED: readonly ProtectionName[] = [
  "file-grants",
  "denials",
  "network",
  "kernel-surface",
  "privileges",
];

const enforced = (by: Extract<Protection, { status: "enforced" }>["by"], note?: string): Status =>
  note === undefined ? { status: "enforced", by } : { status: "enforced", by, note };
const unavailable = (why: string): Status => ({ status: "unavailable", why });
const notAsked: Status = { status: "not-asked" };

const fromAbi = (needed: number, kernel: string, { abi }: Standing): Status =>
  abi >= needed
    ? enforced("landlock")
    : unavailable(`Landlock has it from Linux ${kernel} on (ABI ${needed}, here ${abi})`);

const scoped = (standing: Standing): Status => {
  if (standing.capabilities.processes === "any") return notAsked;
  if (!standing.scopes)
    return unavailable(
      "before Landlock ABI 8 each thread is a domain of its own, which a scope would cut off from the others",
    );
  return fromAbi(6, "6.12", standing);
};

const STATUS: Readonly<Record<ProtectionName, (standing: Standing) => Status>> = {
  "file-grants": () => enforced("landlock"),

  denials({ capabilities, supervisor, splitWrites }) {
    if (capabilities.denials.length === 0) return notAsked;
    if (!splitWrites || supervisor) return enforced("landlock");
    return enforced(
      "landlock",
      "directories that hold a denied name take no new entries without a supervisor",
    );
  },

  truncate: (standing) => fromAbi(3, "6.2", standing),
  "device-ioctl": (standing) => fromAbi(5, "6.10", standing),

  "blocked-commands"({ capabilities, supervisor, unblockable }) {
    if (capabilities.commands.blocked.length === 0) return notAsked;
    const names = unblockable.map(({ command, why }) => `${command}: ${why}`);
    if (names.length > 0 && !supervisor)
      return enforced("landlock", `only refused at the start: ${names.join("; ")}`);
    return supervisor
      ? enforced("supervisor")
      : enforced("landlock", "a copy under another name is not known");
  },

  network({ capabilities: { network }, abi, supervisor }) {
    if (network.mode === "all") return notAsked;
    if (network.mode === "none") return abi >= 4 ? enforced("landlock and seccomp") : enforced("seccomp");
    if (supervisor) return enforced("supervisor");
    const [host] = network.hosts;
    if (host !== undefined)
      return unavailable(`only a supervisor can tell ${show(host.host)} from other hosts, and there is none`);
    if (abi < 4) return unavailable(`Landlock knows ports from Linux 6.7 on (ABI 4, here ${abi})`);
    return enforced("landlock and seccomp", "by port, whatever the address");
  },

  "unix-sockets"({ capabilities, abi, supervisor }) {
    if (supervisor) return enforced("supervisor");
    if (abi >= 9) return enforced("landlock");
    if (capabilities.unixSockets.length === 0)
      return enforced("seccomp", "no unix sockets at all but connected pairs");
    return unavailable(
      "one is granted, and without a supervisor one cannot be told from another before Landlock ABI 9",
    );
  },

  "abstract-sockets": scoped,
  signals: scoped,
  "process-isolation": () => enforced("landlock", "command lines of other processes stay visible in /proc"),

  "shared-objects"({ capabilities, supervisor }) {
    if (capabilities.processes === "any") return notAsked;
    return supervisor ? enforced("supervisor") : enforced("seccomp", "there are none in the sandbox");
  },

  scheduling({ capabilities, supervisor }) {
    if (capabilities.processes === "any") return notAsked;
    return supervisor
      ? enforced("supervisor")
      : unavailable("which process a number means only a supervisor can tell");
  },

  metadata({ supervisor }) {
    return supervisor
      ? enforced("supervisor")
      : unavailable("Landlock does not cover it, and there is no supervisor");
  },

  "kernel-surface": ({ capabilities }) =>
    capabilities.userNamespaces ? enforced("seccomp", "user namespaces are allowed") : enforced("seccomp"),

  descriptors: ({ target }) =>
    target === "child" ? enforced("launcher") : unavailable("what this process has open stays open"),

  environment: ({ target }) =>
    target === "child" ? enforced("launcher") : unavailable("this process has its environment already"),

  privileges: ({ target }) =>
    target === "child" ? enforced("launcher") : enforced("launcher", "capabilities of this process stay"),

  approvals: ({ supervisor }) => (supervisor ? enforced("supervisor") : notAsked),
  reports: ({ supervisor }) => (supervisor ? enforced("supervisor") : notAsked),

  "session-end": ({ guard }) => (guard ? enforced("guardian") : notAsked),
};
