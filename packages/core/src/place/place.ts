// Where this process runs: a machine of its own, a container, somebody else's sandbox. Only what explains why the kernel
// refuses something; nothing is decided by it.

import { existsSync, readFileSync } from "node:fs";

/** What stands where the kernel of an ordinary Linux does. */
export type Kernel = "linux" | "wsl1" | "wsl2" | "gvisor";

export type Container = "docker" | "podman" | "kubernetes" | "container";

export type Place = Readonly<{
  kernel: Kernel;
  /** As `uname -r` says it. */
  release: string;
  container: Container | undefined;
  /** A continuous integration service, by the name of its variable. */
  ci: string | undefined;
  /** Inside of a sandbox of nono. */
  nested: boolean;
  /** Whether seccomp filters of others hold for this process. */
  filtered: boolean;
}>;

/** What the place is told by. */
export type PlaceFacts = Readonly<{
  /** /proc/sys/kernel/osrelease */
  release: string;
  /** /proc/sys/kernel/version */
  version: string;
  /** /proc/self/status */
  status: string;
  env: Readonly<Record<string, string | undefined>>;
  exists(file: string): boolean;
}>;

export function placeHere(): Place {
  return placeOf({
    release: read("/proc/sys/kernel/osrelease").trim(),
    version: read("/proc/sys/kernel/version").trim(),
    status: read("/proc/self/status"),
    env: process.env,
    exists: existsSync,
  });
}

/** Whether seccomp filters of others hold for this process: a short look, for every start. */
export function isFiltered(): boolean {
  return filteredBy(read("/proc/self/status"));
}

/** What stands in the way of looking into the processes below this one, but for filters: a short look, for every start. */
export function tracingHere(): Readonly<{ scope: string; capabilities: string }> {
  const scope = read("/proc/sys/kernel/yama/ptrace_scope").trim();
  const status = scope === "2" ? read("/proc/self/status") : ""; // only then do they matter
  return { scope, capabilities: /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "" };
}

function filteredBy(status: string): boolean {
  return /^Seccomp:\s*2$/m.test(status);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

export function placeOf(facts: PlaceFacts): Place {
  const { release, status, env } = facts;
  return {
    kernel: kernelOf(facts),
    release,
    container: containerOf(facts),
    ci: CI_VARIABLES.find((name) => env[name] !== undefined && env[name] !== "" && env[name] !== "false"),
    nested: Boolean(env.NONO_CAP_FILE),
    filtered: filteredBy(status),
  };
}

/**
 * WSL 1 calls itself `4.4.0-19041-Microsoft`, WSL 2 `6.6.87.2-microsoft-standard-WSL2`. gVisor says the same version
 * always (pkg/sentry/kernel/version.go).
 */
function kernelOf({ release, version }: PlaceFacts): Kernel {
  if (/-Microsoft$/.test(release)) return "wsl1";
  if (/microsoft/i.test(release)) return "wsl2";
  if (/gvisor/i.test(release) || version === "#1 SMP Sun Jan 10 15:06:54 PST 2016") return "gvisor";
  return "linux";
}

function containerOf({ env, exists }: PlaceFacts): Container | undefined {
  if (env.KUBERNETES_SERVICE_HOST) return "kubernetes";
  if (exists("/run/.containerenv")) return "podman";
  if (exists("/.dockerenv")) return "docker";
  return env.container ? "container" : undefined;
}

const CI_VARIABLES = [
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "BUILDKITE",
  "CIRCLECI",
  "JENKINS_URL",
  "TF_BUILD",
  "CI",
] as const;
