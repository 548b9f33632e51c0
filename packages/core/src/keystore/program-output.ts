// What a program prints, as a secret. It gets the variables that it is given and no others, no terminal and no input.

import { type ChildProcess, spawn } from "node:child_process";
import { NonoError } from "../error.ts";
import { show } from "../text/show.ts";

/** Milliseconds: it may wait for a fingerprint. */
const PATIENCE = 60_000;
/** Bytes. */
const [OUTPUT_LIMIT, COMPLAINT_LIMIT] = [1 << 20, 400];

export type Program = Readonly<{
  /** Absolute. */
  path: string;
  /** The name that it was called by. */
  argv0: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
}>;

/**
 * Its standard output.
 *
 * @param secret what it is called in messages
 * @param patience milliseconds
 * @throws NonoError `secret-unreadable` when it fails, is killed, prints too much or takes too long
 */
export async function outputOf(program: Program, secret: string, patience = PATIENCE): Promise<Uint8Array> {
  const child = spawn(program.path, program.args, {
    argv0: program.argv0,
    env: program.environment,
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a session of its own: no terminal, and what it starts ends with it
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(child);
  }, patience);
  const [output, complaint] = [collect(child, "stdout", OUTPUT_LIMIT), collect(child, "stderr", 1 << 16)];
  try {
    const how = await ended(child);
    const reason = late ? `it took longer than ${patience / 1000} seconds` : how;
    const bytes = joined(output);
    const isLong = bytes.length > OUTPUT_LIMIT;
    if (reason === undefined && !isLong) return bytes;
    bytes.fill(0);
    throw new NonoError({
      code: "secret-unreadable",
      secret,
      reason: isLong ? "it printed more than 1 MiB" : reason + saidIn(complaint),
    });
  } finally {
    clearTimeout(timer);
    for (const chunk of [...output, ...complaint]) chunk.fill(0);
  }
}

/** What was read so far. Past the limit the program is ended. */
function collect(child: ChildProcess, stream: "stdout" | "stderr", limit: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let length = 0;
  child[stream]?.on("data", (chunk: Uint8Array) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) end(child);
  });
  return chunks;
}

/** With all that it started. What became a session of its own may still hold the other end of its output. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** Why it has no answer; undefined: it has one. */
function ended(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(code === null ? `${signal} ended it` : `it failed with exit code ${code}`);
    });
  });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Vendors say there what is to be done, such as to sign in. */
function saidIn(complaint: readonly Uint8Array[]): string {
  const line = Buffer.concat(complaint).toString().trim().split("\n")[0] ?? "";
  return line === "" ? "" : `: ${show(line, COMPLAINT_LIMIT)}`;
}
