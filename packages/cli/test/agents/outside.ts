// Processes outside the sandbox that an agent should not reach: a daemon behind a unix socket, and a bystander.

import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startedAs } from "./identity.ts";
import type { Place } from "./place.ts";

export type Outside = AsyncDisposable &
  Readonly<{
    /** Path of the daemon's socket, which any user may connect to. */
    socket: string;
    /** Times that somebody connected. */
    connections: () => number;
    /** A process of the same user with a secret in its environment, and one in its arguments. */
    bystander: number;
  }>;

export async function startOutside(place: Place): Promise<Outside> {
  const socket = join(place.root, "daemon.sock");
  let connections = 0;
  const daemon = createServer((peer) => {
    connections += 1;
    peer.on("error", () => peer.destroy());
    peer.end(`${place.secrets.daemon}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    daemon.once("error", reject);
    daemon.listen(socket, resolve);
  });
  chmodSync(socket, 0o777);

  // Ends with its input, so it cannot outlive this process.
  const echo = ["sh", "-c", 'while read -r line; do echo "$line"; done', place.secrets.commandLine];
  const [file, ...args] = startedAs(place.identity, echo) as [string, ...string[]];
  const bystander = spawn(file, args, {
    env: { PATH: "/usr/bin:/bin", BYSTANDER_TOKEN: place.secrets.environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // Its echo proves that it runs by now, and not what starts it.
  await new Promise<void>((resolve, reject) => {
    bystander.once("error", reject);
    bystander.stdout.once("data", () => resolve());
    bystander.stdin.write("started\n");
  });

  return {
    socket,
    connections: () => connections,
    bystander: bystander.pid ?? -1,
    [Symbol.asyncDispose]: async () => {
      bystander.stdin.end();
      await new Promise<void>((resolve) => daemon.close(() => resolve()));
    },
  };
}
