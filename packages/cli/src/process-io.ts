// The process around us as an Io. Nothing here touches process.stdout or process.stderr: in the compiled executable
// their streams take 8 ms to load, and they would leave the terminal non-blocking for whatever comes after us.

import { fstatSync, readlinkSync, writeSync } from "node:fs";
import { textOf } from "nono-ts";
import { terminalColumns } from "nono-ts/internal";
import { rawEnvironment } from "./args/raw.ts";
import { CliError } from "./error.ts";
import type { Io, Output } from "./io.ts";

/** `lost`: hears why a part of the answer could not be written, once its reader is not just gone. */
export function processIo(lost: (error: NodeJS.ErrnoException) => void): Io {
  const env = rawEnvironment(process.env);
  return {
    stdout: outputOn(1, env, lost),
    stderr: outputOn(2, env, () => undefined),
    env,
    cwd: workingDirectory,
    uid: process.getuid?.() ?? 0,
    pid: process.pid,
  };
}

/** The same Io, unheard. */
export function silenced(io: Io): Io {
  const write = () => true;
  return { ...io, stdout: { ...io.stdout, write }, stderr: { ...io.stderr, write } };
}

function outputOn(descriptor: number, env: Io["env"], lost: (error: NodeJS.ErrnoException) => void): Output {
  const terminal = isTerminal(descriptor);
  const fixed = columnsFrom(env) ?? (terminal ? undefined : Number.POSITIVE_INFINITY);
  // Asked for anew: what is said after a command is said to the window as it is then.
  const width = () => fixed ?? terminalColumns(descriptor) ?? 80;
  return {
    write: (text) => writeAll(descriptor, typeof text === "string" ? Buffer.from(text) : text, lost),
    get columns() {
      return Math.min(80, Math.max(40, width()));
    },
    get width() {
      return width();
    },
    isTerminal: terminal,
    colour: terminal && !env.NO_COLOR && env.TERM !== "dumb",
  };
}

/** What somebody wants it to be. */
function columnsFrom({ COLUMNS }: Io["env"]): number | undefined {
  return COLUMNS !== undefined && /^[1-9][0-9]{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** Any character device but those of memory: null, zero, full. isatty(3) takes 3 ms to load. */
function isTerminal(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && !isOfMemory(stat.rdev);
  } catch {
    return false;
  }
}

/** Major 1 on Linux (devices.txt), 3 on macOS, whose numbers have the major in the upper byte (makedev, sys/types.h). */
function isOfMemory(device: number): boolean {
  return process.platform === "darwin" ? device >>> 24 === 3 : device >> 8 === 1;
}

function writeAll(
  descriptor: number,
  bytes: Uint8Array,
  lost: (error: NodeJS.ErrnoException) => void,
): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException;
      // Somebody left the pipe non-blocking and its reader is slow: wait for it. Anything else: nobody reads.
      if (error.code !== "EAGAIN") {
        if (error.code !== "EPIPE") lost(error);
        return false;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

function workingDirectory(): string {
  try {
    const decoded = process.cwd();
    if (!decoded.includes("\ufffd")) return decoded;
    return textOf(readlinkSync("/proc/self/cwd", { encoding: "buffer" }));
  } catch (error) {
    throw new CliError({ code: "cwd-missing" }, { cause: error });
  }
}
