// Where each protection stands under a Seatbelt profile, and what Seatbelt cannot do.

import type { Capabilities } from "../capability/index.ts";
import { PROTECTIONS, type Protection, type ProtectionName } from "../protection/protection.ts";
import { show } from "../text/show.ts";

export const NO_SUPERVISOR = "on macOS Seatbelt decides in the kernel, and asks nobody";

type Standing = Readonly<{
  capabilities: Capabilities;
  /** `process`: applied to this process, not to one that is started. */
  target: "child" | "process";
  guard: boolean;
  unblockable: readonly Readonly<{ command: string; why: string }>[];
}>;

type Status = Protection extends infer P ? (P extends Protection ? Omit<P, "name"> : never) : never;

/** Every protection in the order of the table. */
export function darwinProtections(standing: Standing): readonly Protection[] {
  return (Object.keys(PROTECTIONS) as ProtectionName[]).map(
    (name) => ({ name, ...STATUS[name](standing) }) as Protection,
  );
}

type Enforcing = Extract<Protection, { status: "enforced" }>["by"];

const enforced = (by: Enforcing, note?: string): Status =>
  note === undefined ? { status: "enforced", by } : { status: "enforced", by, note };
const seatbelt = (note?: string) => enforced("seatbelt", note);
const unavailable = (why: string): Status => ({ status: "unavailable", why });
const notAsked: Status = { status: "not-asked" };

const STATUS: Readonly<Record<ProtectionName, (standing: Standing) => Status>> = {
  "file-grants": ({ capabilities }) =>
    capabilities.platformRules.length === 0
      ? seatbelt()
      : seatbelt("rules of your own are taken as they are; nono why does not read them"),

  denials: ({ capabilities }) =>
    capabilities.denials.length === 0
      ? notAsked
      : seatbelt("by path: a hard link that a denied file had before has another"),

  truncate: () => seatbelt(),
  "device-ioctl": () => seatbelt(),

  "blocked-commands"({ capabilities, unblockable }) {
    if (capabilities.commands.blocked.length === 0) return notAsked;
    const names = unblockable.map(({ command, why }) => `${command}: ${why}`);
    return seatbelt(
      names.length > 0
        ? `only refused at the start: ${names.join("; ")}`
        : "a copy under another name is not known",
    );
  },

  network: ({ capabilities: { network } }) => {
    if (network.mode === "all") return notAsked;
    if (network.mode === "none") return seatbelt();
    const unnameable = network.hosts.find(({ addresses }) => addresses !== "loopback");
    if (unnameable !== undefined)
      return unavailable(
        `of hosts Seatbelt can name localhost only, and not ${show(unnameable.host)}: open its port to every address, or none`,
      );
    return seatbelt(network.connect.length > 0 ? "by port, whatever the address" : undefined);
  },

  "unix-sockets": () => seatbelt(),
  "abstract-sockets": () => seatbelt("macOS has none; Mach services are reached by name, and only a few"),
  signals: ({ capabilities }) => (capabilities.processes === "any" ? notAsked : seatbelt()),

  "process-isolation": ({ capabilities }) =>
    capabilities.processes === "any"
      ? unavailable("processes outside are within reach because that was asked for")
      : seatbelt("arguments and variables that other processes of the user were started with stay readable"),

  "shared-objects": () => seatbelt("there are none in the sandbox"),
  scheduling: ({ capabilities }) =>
    capabilities.processes === "any"
      ? notAsked
      : unavailable("no operation of Seatbelt is known to cover setpriority(2)"),

  metadata: () => seatbelt(),

  "kernel-surface": () =>
    seatbelt("by operation: devices, kernel extensions, mounts; system calls are not filtered"),

  descriptors: ({ target }) =>
    target === "child" ? enforced("launcher") : unavailable("what this process has open stays open"),

  environment: ({ target }) =>
    target === "child" ? enforced("launcher") : unavailable("this process has its environment already"),

  privileges: () => seatbelt("set-user-id programs do not start; root stays root"),

  approvals: () => unavailable(NO_SUPERVISOR),
  reports: () => unavailable("on macOS only the system's log says what Seatbelt refused"),

  "session-end": ({ guard }) => (guard ? enforced("guardian") : notAsked),
};
