// Where a command starts, and what else only the process around us knows and a policy needs.

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { bytesOf, NonoError } from "nono-ts";
import { canonicalize, directoryOf, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import type { Io } from "../io.ts";
import type { PolicyOptions } from "../policy/policy-of.ts";
import { homeNamedBy, homeOf, terminalOf } from "../policy/surroundings.ts";

/**
 * The directory that the command starts in.
 *
 * @param asked `--workdir`, relative to the working directory of this process
 * @throws CliError `cwd-missing`, `workdir-file`; NonoError `path-missing`, `path-unreadable`
 */
export function workdirOf(asked: string | undefined, io: Pick<Io, "cwd">): string {
  const option = asked === undefined ? "the working directory" : "--workdir";
  const path = asked ?? io.cwd();
  const directory = resolvePath(path.startsWith("/") ? "/" : io.cwd(), path);
  try {
    const real = asked === undefined ? path : canonicalize(directory);
    if (!statSync(bytesOf(real)).isDirectory()) throw new CliError({ code: "workdir-file", option, path });
    accessSync(bytesOf(real), constants.X_OK);
    return real;
  } catch (error) {
    if (error instanceof NonoError || error instanceof CliError) throw error;
    const reason = String((error as NodeJS.ErrnoException).code);
    throw new NonoError(
      reason === "ENOENT" || reason === "ENOTDIR"
        ? { code: "path-missing", option, path }
        : {
            code: "path-unreadable",
            option,
            path,
            reason: reason === "EACCES" ? "permission denied" : reason,
          },
      { cause: error },
    );
  }
}

/**
 * @param tmpdir of the session
 * @param terminal that the command will be on, when it is not ours
 * @throws as `homeOf`
 */
export function surroundingsOf(
  { env, uid }: Pick<Io, "env" | "uid">,
  directories: Directories,
  terminal = terminalOf(),
  home = homeOf(env),
): PolicyOptions {
  return { ...directories, home, uid, env, terminal, platform: POLICY_PLATFORM, programs: programs() };
}

/** Where nothing is started: the session's directory has only a name. @throws as `homeOf` */
export function surroundingsHere(io: Pick<Io, "env" | "uid">, cwd: string, workdir = cwd): PolicyOptions {
  return surroundingsOf(io, { cwd, workdir, tmpdir: NO_SESSION });
}

/** The same for who only looks, and finds nothing in a home directory that is missing. @throws PolicyError `home-unknown` */
export function surroundingsToLook(io: Pick<Io, "env" | "uid">, cwd: string): PolicyOptions {
  return surroundingsOf(io, { cwd, workdir: cwd, tmpdir: NO_SESSION }, terminalOf(), homeNamedBy(io.env));
}

const NO_SESSION = "/tmp/nono";

/** As groups name it. */
const POLICY_PLATFORM = process.platform === "darwin" ? "macos" : "linux";

/** Absolute. */
type Directories = Pick<PolicyOptions, "cwd" | "workdir" | "tmpdir">;

/** The directory of the executable: whoever may write it is not bound by the next run. */
function programs(): readonly string[] {
  return runtime().map(directoryOf);
}

/** What else nono is made of when it is the command: what is started becomes the runtime beside it. */
export function runtimeBehind(files: readonly string[]): readonly string[] {
  return runtime().filter((file) => files.some((one) => directoryOf(one) === directoryOf(file)));
}

/** The compiled executable; none under Node.js. */
function runtime(): readonly string[] {
  return import.meta.url.includes("/$bunfs/") ? [realpathSync(process.execPath)] : [];
}
