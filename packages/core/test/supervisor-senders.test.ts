// Who a daemon outside is told that it hears from, where its socket is granted and what is sent is sent on behalf.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect } from "vitest";
import { useActs } from "./support/acts.ts";
import { unconfined } from "./support/confine.ts";
import { itAsRoot } from "./support/requires.ts";
import { supervised } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

/** Tells user and group of whoever sends, as the kernel has them (unix(7)). */
const DAEMON = `
import os, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o777); print("ready", flush=True)
while True:
    data, control, _, _ = s.recvmsg(64, 256)
    for level, kind, value in control:
        if kind == socket.SCM_CREDENTIALS: print(*struct.unpack("iII", value[:12])[1:], flush=True)
`;

describe("a daemon that asks who sends", () => {
  itAsRoot("is told the user that the sender has become, and not the one that nono runs as", async () => {
    await using tree = await makeTree({ "out/": "" });
    chmodSync(tree.root, 0o755);
    const path = tree.at("out/daemon");
    const daemon = spawn("python3", ["-c", DAEMON, path], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const told = createInterface({ input: daemon.stdout })[Symbol.asyncIterator]();
      expect((await told.next()).value).toBe("ready");
      const dropped = ["--reuid=4321", "--regid=4322", "--clear-groups", acts.program];
      const script = ["socket:unix:dgram", `sendto:${path}`, `sendmsg:${path}:x`, "pair:dgram", `pass:@:0`];
      const asked = {
        read: [tree.root, acts.directory],
        set: (set: { allowUnixSocket(file: string): unknown }) => void set.allowUnixSocket(path),
      };
      const box = supervised(asked);
      for (const run of [unconfined, box.run]) {
        const outcome = await run("setpriv", ...dropped, ...script);
        expect(outcome.stdout).not.toMatch(/=E/);
        expect([(await told.next()).value, (await told.next()).value]).toEqual(["4321 4322", "4321 4322"]);
      }
      await box.run(acts.program, ...script.slice(0, 2));
      expect((await told.next()).value).toBe("0 0");
    } finally {
      daemon.kill();
      await once(daemon, "exit");
    }
  });
});
