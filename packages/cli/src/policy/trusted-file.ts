// Reading the files that grant rights: only what nobody but the user, or root, could have written.

import fs from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";
import {
  canonicalize,
  canonicalizeMissing,
  directoryOf,
  distrustOf,
  isWithin,
  resolvePath,
} from "nono-ts/internal";
import type { ConfigPlace } from "./config-files.ts";
import { PolicyError } from "./error.ts";

/** No policy is longer; what is, is not one. */
const SIZE_LIMIT = 1 << 20;

export type TrustedFile = Readonly<{ path: CanonicalPath; text: string }>;

/**
 * The file's text, or undefined when there is no such file.
 *
 * The file and every directory above it must belong to the user or to root, and be writable by no one else: whoever
 * can write a directory can put another file in its place.
 *
 * @throws PolicyError `config-unreadable`, `config-untrusted`
 */
export function readTrustedFile(file: string, uid: number): TrustedFile | undefined {
  try {
    if (fs.lstatSync(bytesOf(file), { throwIfNoEntry: false }) === undefined) return undefined;
    const real = canonicalize(file);
    const text = readRegular(real, file, uid);
    for (let directory = directoryOf(real); ; directory = directoryOf(directory)) {
      refuseWritable(fs.lstatSync(bytesOf(directory)), directory, file, uid);
      if (directory === "/") return { path: real, text };
    }
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    throw unreadable(file, error);
  }
}

function readRegular(real: CanonicalPath, file: string, uid: number): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const descriptor = fs.openSync(bytesOf(real), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile())
      throw new PolicyError({ code: "config-unreadable", file, reason: "it is not a regular file" });
    if (stat.size > SIZE_LIMIT)
      throw new PolicyError({ code: "config-unreadable", file, reason: "it is longer than 1 MiB" });
    refuseWritable(stat, real, file, uid);
    return new TextDecoder("utf-8", { fatal: true }).decode(fs.readFileSync(descriptor));
  } finally {
    fs.closeSync(descriptor);
  }
}

function refuseWritable(stat: fs.Stats, object: string, file: string, uid: number): void {
  const distrust = distrustOf(stat, uid, object);
  if (distrust === undefined) return;
  const shown = object === file || stat.isFile() ? file : object;
  throw new PolicyError({ code: "config-untrusted", file, path: shown, ...distrust });
}

function unreadable(file: string, error: unknown): PolicyError {
  const reason =
    error instanceof TypeError ? "it is not UTF-8" : ((error as NodeJS.ErrnoException).code ?? String(error));
  return new PolicyError({ code: "config-unreadable", file, reason }, { cause: error });
}

/**
 * Nothing below the working directory grants anything: a sandboxed command may have written it in an earlier run.
 *
 * The config directory is where no run could write; but one that a variable puts into a project was not the config
 * directory of the runs before. So it counts where it is the usual one, or where the home directory is worked in.
 *
 * @throws PolicyError `config-in-workdir`
 */
export function refuseInWorkdir(
  { path: file }: TrustedFile,
  { directory, home, workdir }: ConfigPlace,
): void {
  const work = canonicalizeMissing(workdir);
  if (!isWithin(file, work)) return;
  const config = canonicalizeMissing(directory);
  const isUsual = config === canonicalizeMissing(resolvePath(home, ".config/nono"));
  if (isWithin(file, config) && (isUsual || isWithin(canonicalizeMissing(home), work))) return;
  throw new PolicyError({
    code: "config-in-workdir",
    file,
    workdir,
    instead: resolvePath(home, ".config/nono/profiles"),
  });
}
