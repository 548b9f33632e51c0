// Why the kernel refuses what a sandbox needs, and what to do about it. Pure.

import { systemModule } from "../platform-modules.ts";
import type { Place } from "./place.ts";

/** How a call failed. `ENOSYS`, `EOPNOTSUPP`, `EPERM` and so on. */
export type Errno = string;

export function errnoName(number: number): Errno {
  const { errno } = systemModule().constants;
  // On Linux ENOTSUP is the same number.
  if (number === errno.EOPNOTSUPP) return "EOPNOTSUPP";
  const found = Object.entries(errno).find(([, value]) => value === number);
  return found?.[0] ?? `errno ${number}`;
}

/** @param errno of landlock_create_ruleset(2), asked for its version */
export function withoutLandlock(place: Place, errno: Errno): string {
  if (place.kernel === "wsl1")
    return "WSL 1 has no Linux kernel, and so no Landlock: convert it by wsl --set-version DISTRIBUTION 2";
  if (place.kernel === "gvisor")
    return "the kernel of gVisor has no Landlock: start nono outside of it, or the container with another runtime, as runc";
  if (errno === "EOPNOTSUPP") return `Landlock is built into this kernel but off: ${switchOn(place)}`;
  if (isRefusedByFilter(place, errno))
    return `a seccomp filter refuses Landlock's calls here: ${allow(place)}`;
  if (isOlder(place.release, 5, 13))
    return `Linux ${place.release} has no Landlock: it needs Linux 5.13 or later`;
  return "this kernel has no Landlock: it needs one that is built with CONFIG_SECURITY_LANDLOCK";
}

export function withoutFilters(place: Place): string {
  if (place.kernel === "wsl1")
    return "WSL 1 has no seccomp filters: convert it by wsl --set-version DISTRIBUTION 2";
  return place.filtered
    ? `a seccomp filter refuses further filters here: ${allow(place)}`
    : "this kernel has no seccomp filters: it needs one that is built with CONFIG_SECCOMP_FILTER";
}

/** @param errno of seccomp(2) with SECCOMP_FILTER_FLAG_NEW_LISTENER */
export function withoutSupervisor(place: Place, errno: Errno): string {
  if (errno === "EBUSY")
    return place.nested
      ? "the sandbox around this one has the only supervisor there can be"
      : "what runs nono has a seccomp supervisor of its own, and there can be only one";
  if (place.kernel === "gvisor") return "the kernel of gVisor has no seccomp user notification";
  if (isOlder(place.release, 5, 0))
    return `Linux ${place.release} has no seccomp user notification: it needs Linux 5.0 or later`;
  return `seccomp user notification is refused here (${errno}): ${allow(place)}`;
}

/**
 * A supervisor takes descriptors and memory from the processes below it, and its threads have working directories of their own.
 * Docker and containerd keep that for containers that have CAP_SYS_PTRACE and CAP_SYS_ADMIN, which is too much.
 */
export function withoutInspection({ container }: Place): string {
  const what = "a seccomp filter refuses calls that a supervisor needs (pidfd_getfd, unshare)";
  return `${what}: ${INSPECTION[container ?? "none"]}`;
}

/**
 * Yama (Documentation/admin-guide/LSM/Yama.rst) lets a process look into those below it while its scope is 0 or 1; with 2
 * only one that has CAP_SYS_PTRACE, with 3 nobody, until the machine starts anew.
 *
 * @param scope /proc/sys/kernel/yama/ptrace_scope; empty: there is no Yama
 * @param capabilities CapEff of /proc/self/status, in hexadecimal digits
 * @returns undefined: it does not stand in the way
 */
export function withoutTracing(scope: string, capabilities: string): string | undefined {
  const number = Number.parseInt(scope, 10);
  const maySee = (BigInt(`0x${capabilities || "0"}`) & CAP_SYS_PTRACE) !== 0n;
  if (!(number >= 3 || (number === 2 && !maySee))) return undefined;
  const remedy =
    number === 2 ? "sysctl kernel.yama.ptrace_scope=1 allows it" : "only another setting at boot allows it";
  return `kernel.yama.ptrace_scope is ${number}, which keeps a supervisor from looking into the processes below it: ${remedy}`;
}

/** capabilities(7). */
const CAP_SYS_PTRACE = 1n << 19n;

const INSPECTION: Readonly<Record<NonNullable<Place["container"]> | "none", string>> = {
  docker: "docker run --security-opt seccomp=PROFILE, with one that allows them, gives it one",
  podman: "podman run --security-opt seccomp=PROFILE, with one that allows them, gives it one",
  kubernetes: "a seccompProfile of the pod that allows them gives it one",
  container: "a seccomp profile of the container that allows them gives it one",
  none: "what started nono does not allow them",
};

function switchOn({ kernel, container }: Place): string {
  if (kernel === "wsl2")
    return "in .wslconfig, add landlock to the lsm= of kernelCommandLine, or leave that line out, then wsl --shutdown";
  const where = container === undefined ? "" : " of the machine that the container runs on";
  return `add landlock to the lsm= boot parameter${where}`;
}

/** The kernel itself answers ENOSYS where it is too old or built without. */
function isRefusedByFilter({ filtered, release }: Place, errno: Errno): boolean {
  return errno !== "ENOSYS" || (filtered && !isOlder(release, 5, 13));
}

function allow({ container, nested }: Place): string {
  switch (container) {
    case "docker":
      return "Docker allows them from version 23.0 on; with an older one, docker run --security-opt seccomp=PROFILE with a newer default profile";
    case "podman":
      return "Podman allows them from version 4.3 on; with an older one, podman run --security-opt seccomp=PROFILE with a newer default profile";
    case "kubernetes":
      return "give the pod a seccompProfile that allows them: RuntimeDefault of a newer node, or Localhost";
    case "container":
      return "start the container with a seccomp profile that allows them";
    default:
      return nested
        ? "the sandbox around this one does not allow them"
        : "what started nono does not allow them";
  }
}

function isOlder(release: string, major: number, minor: number): boolean {
  const match = /^([0-9]+)\.([0-9]+)/.exec(release);
  if (match === null) return false;
  const [here, below] = [Number(match[1]), Number(match[2])];
  return here < major || (here === major && below < minor);
}
