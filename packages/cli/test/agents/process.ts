// One run of a program to its end, with its time.

import { spawn } from "node:child_process";

export type Outcome = Readonly<{
  /** Exit code, 128 and more for a signal; `undefined` where it had to be killed. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** From start to end, in milliseconds. */
  milliseconds: number;
}>;

/** Runs `command` with exactly `environment` and nothing on its input; kills its process group after `limit` ms. */
export function runToEnd(
  command: readonly string[],
  options: Readonly<{ cwd: string; environment: Readonly<Record<string, string>>; limit: number }>,
): Promise<Outcome> {
  const started = performance.now();
  const [file, ...args] = command as [string, ...string[]];
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let killed = false;
  const timer = setTimeout(() => {
    killed = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, options.limit);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - started;
      resolve({ code: killed ? undefined : (code ?? (signal ? 128 : 1)), stdout, stderr, milliseconds });
    });
  });
}
