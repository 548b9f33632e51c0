// What this machine enforces, found by doing: a confined shell tries to break out, and what it manages counts against
// the protection, whatever the kernel says it can.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AccessMode, CapabilitySet } from "../capability/index.ts";
import { compilePlan } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { spawn } from "../process/spawn.ts";
import type { Protection, ProtectionName } from "../protection/protection.ts";

type Attempts = Partial<Record<ProtectionName, string>>;

/** Shell commands that succeed only where the protection does not hold. */
const ATTEMPTS: Attempts = {
  "file-grants": 'read line < "$BASE/outside"',
  denials: 'read line < "$BASE/inside/denied"',
  truncate: 'truncate -s 0 "$BASE/outside"',
  signals: "kill -0 $OUTSIDE",
  "blocked-commands": '"$BASE/inside/blocked"',
  descriptors: ": <&9",
};

const OF_LINUX: Attempts = {
  "process-isolation": "read line < /proc/$OUTSIDE/maps",
  "kernel-surface": "! grep -q '^Seccomp:.2$' /proc/self/status",
  privileges: "! grep -q '^NoNewPrivs:.1$' /proc/self/status",
};

const OF_MACOS: Attempts = {
  truncate: ': >> "$BASE/outside"',
  "kernel-surface": "sysctl kern.proc.all",
  privileges: "ps",
};

const DIRECTORIES = ["/usr", "/lib", "/lib64", "/bin", "/proc", "/System", "/private/var/select"];

/**
 * Where each protection stands on this machine, for a sandbox without a network. What is tried has no supervisor.
 *
 * @param supervisor whether what a supervisor would add counts as well
 * @throws NonoError where no sandbox can be made at all, as `compilePlan` does
 */
export async function probe({ supervisor = false } = {}): Promise<readonly Protection[]> {
  const base = mkdtempSync(path.join(os.tmpdir(), "nono-probe-"));
  try {
    const capabilities = probeCapabilities(base);
    const plan = compilePlan(capabilities, { guard: true });
    const broken = await attempt(plan, base);
    const { protections } = supervisor ? compilePlan(capabilities, { guard: true, supervisor }) : plan;
    return protections.map((protection) =>
      protection.status === "enforced" && broken.has(protection.name)
        ? { name: protection.name, status: "unavailable", why: "an attempt to break it succeeded" }
        : protection,
    );
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function probeCapabilities(base: string): CapabilitySet {
  const inside = path.join(base, "inside");
  writeFileSync(path.join(base, "outside"), "outside\n");
  mkdirAndFill(inside);
  const set = new CapabilitySet()
    .allowPath(inside, AccessMode.ReadWrite)
    .denyPath(path.join(inside, "denied"));
  for (const directory of DIRECTORIES.filter((name) => existsSync(name)))
    set.allowPath(directory, AccessMode.Read);
  return set
    .blockCommand(path.join(inside, "blocked"))
    .blockNetwork()
    .setEnvironment({
      PATH: "/usr/bin:/bin",
      BASE: base,
      OUTSIDE: String(process.pid),
    });
}

function mkdirAndFill(directory: string): void {
  mkdirSync(directory);
  writeFileSync(path.join(directory, "denied"), "denied\n");
  writeFileSync(path.join(directory, "blocked"), "#!/bin/sh\n", { mode: 0o755 });
}

/** Prints the name of each protection that an attempt got around. */
export function attemptScript(platform: Plan["platform"]): string {
  const attempts = { ...ATTEMPTS, ...(platform === "darwin" ? OF_MACOS : OF_LINUX) };
  const lines = Object.entries(attempts).map(
    ([name, command]) => `( ${command} ) >/dev/null 2>&1 && echo ${name}`,
  );
  return [...lines, "true"].join("\n");
}

/** @returns the names of protections that an attempt got around */
function attempt(plan: Plan, base: string): Promise<ReadonlySet<string>> {
  const child = spawn("/bin/sh", ["-c", attemptScript(plan.platform)], {
    plan,
    cwd: base,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    child.once("error", reject);
    child.once("close", () => resolve(new Set(said.split("\n").filter((name) => name !== ""))));
  });
}
