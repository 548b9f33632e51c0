// What a policy needs to know of the process around it, as values.

import { fstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { show, systemModule } from "nono-ts/internal";
import { PolicyError } from "./error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * HOME where it is an absolute path, else the home directory of the user's entry, whether it exists or not.
 *
 * @throws PolicyError `home-unknown`
 */
export function homeNamedBy({ HOME }: Environment): string {
  const home = HOME?.startsWith("/") ? HOME : homeOfUser();
  if (home?.startsWith("/")) return home;
  const reason = HOME
    ? `HOME is ${show(HOME)}, which is not an absolute path`
    : "HOME is not set, and no entry of the user names one";
  throw new PolicyError({ code: "home-unknown", reason });
}

/** The same. @throws PolicyError `home-missing` where nothing can be kept for the user, too */
export function homeOf(env: Environment): string {
  const home = homeNamedBy(env);
  const flaw = flawOf(home);
  // Users of services have none; what is kept may have a place of its own.
  if (flaw === undefined || (flaw === "ENOENT" && env.XDG_STATE_HOME?.startsWith("/"))) return home;
  throw new PolicyError({ code: "home-missing", home, reason: REASONS[flaw] ?? flaw });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a directory",
  EACCES: "cannot be reached",
};

/** An errno; undefined: it is a directory. */
function flawOf(home: string): string | undefined {
  try {
    return statSync(bytesOf(home)).isDirectory() ? undefined : "ENOTDIR";
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** In the executable's runtime HOME comes first here, too, whatever it is. */
function homeOfUser(): string | undefined {
  try {
    return systemModule().userInfo().homedir;
  } catch {
    return undefined; // a user without an entry
  }
}

/** The terminal that one of our standard streams is, as a path. */
export function terminalOf(): string | undefined {
  if (process.platform === "darwin") return terminalAmong(namesOfTerminals());
  for (const descriptor of [0, 1, 2]) {
    const target = linkTarget(`/proc/self/fd/${descriptor}`);
    if (target !== undefined && /^\/dev\/(?:pts\/\d+|tty[A-Za-z]*\d+)$/.test(target)) return target;
  }
  return undefined;
}

/** macOS has no link from a descriptor to its name: the terminal is the one with its number. */
export function terminalAmong(
  names: readonly string[],
  describe: (file: string | number) => Device | undefined = deviceOf,
): string | undefined {
  for (const descriptor of [0, 1, 2]) {
    const standard = describe(descriptor);
    if (standard === undefined) continue;
    const name = names.find((one) => describe(one)?.rdev === standard.rdev);
    if (name !== undefined) return name;
  }
  return undefined;
}

type Device = Readonly<{ rdev: number }>;

function deviceOf(file: string | number): Device | undefined {
  try {
    const stat = typeof file === "number" ? fstatSync(file) : statSync(file);
    return stat.isCharacterDevice() ? stat : undefined;
  } catch {
    return undefined;
  }
}

function namesOfTerminals(): readonly string[] {
  return readdirSync("/dev")
    .filter((name) => /^ttys\d+$/.test(name))
    .map((name) => `/dev/${name}`);
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined; // closed, or no Linux
  }
}
