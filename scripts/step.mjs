// One command of a script: what it prints is shown, and where it fails the script ends.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The checkout, whatever directory the script was started from. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a command in the checkout and waits for it. On failure this process ends with the command's own exit code,
 * because the command has already said what is wrong.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` shows the output only if it fails
 */
export function step(command, args, { cwd = root, env = process.env, quiet = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  if (status === 0) return;
  if (quiet) process.stderr.write(Buffer.concat([stdout ?? Buffer.of(), stderr ?? Buffer.of()]));
  if (error) console.error(`${command} cannot be started: ${error.message}`);
  process.exit(status || 1);
}

/**
 * Ends the script with one line that says what is wrong and what to do.
 *
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
