// What once went past the supervisor. Each works without a sandbox, which every test shows.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccessMode } from "../src/index.ts";
import { denied } from "../src/supervisor/request.ts";
import { unconfined } from "./support/confine.ts";
import { datagramDaemon } from "./support/daemons.ts";
import { itAsRoot } from "./support/requires.ts";
import { compileC, supervised, until } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

/** Root's processes are shown to nobody with fewer capabilities: one without any is like everybody else's. */
const PLAIN = process.getuid?.() === 0 ? "exec setpriv --bounding-set=-all sleep 600" : "exec sleep 600";

let tools: TestTree;
let attacks: string;
beforeAll(async () => {
  tools = await makeTree();
  chmodSync(tools.root, 0o755);
  attacks = compileC("attacks.c", tools.at("attacks"));
});
afterAll(() => tools[Symbol.asyncDispose]());

describe("a send on a descriptor", () => {
  it("reaches no daemon by a datagram socket that takes the place of a stream", async () => {
    await using tree = await makeTree();
    await using daemon = await datagramDaemon(tree.at("daemon"));
    // Who runs when is the machine's choice: it is tried until it works, and as often as makes a hole likely to show.
    while ((await unconfined(attacks, "late-socket", tree.at("daemon"))).stdout === "0\n");
    const before = await daemon.received();
    expect(before).toBeGreaterThan(0);

    const box = supervised({ read: [tools.root] });
    for (let round = 0; round < 8; round++)
      expect(await box.run(attacks, "late-socket", tree.at("daemon"))).toMatchObject({
        code: 0,
        stdout: "0\n",
      });
    expect(await daemon.received()).toBe(before);
  });

  it("keeps nobody waiting by what it carries: a stream that is slow to close", async () => {
    await using tree = await makeTree({ "w/": "" });
    await using daemon = await datagramDaemon(tree.at("daemon"));
    const server = createServer({ pauseOnConnect: true }, (socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const go = tree.at("w/go");
    const words = ["linger", tree.at("daemon"), String((server.address() as AddressInfo).port), go];
    const closed = async () => {
      writeFileSync(go, "");
      await until(() => !existsSync(go));
    };
    writeFileSync(go, "");
    const bare = unconfined(attacks, ...words, "1", "stay");
    expect([(await bare).stdout, await daemon.received()]).toEqual(["0\n", 1]);

    // refused when nobody else has the stream any more
    const asked = { read: [tools.root], readWrite: [tree.at("w")] };
    const box = supervised(asked, { onRequest: () => closed().then(() => denied) });
    const began = performance.now();
    expect(await box.run(attacks, ...words, "30", "stay")).toMatchObject({ code: 0, stdout: "13\n" });

    // or withdrawn, since its process is gone
    let withdrawn: AbortSignal | undefined;
    const withdrawing = supervised(asked, {
      onRequest: async (_, signal) => {
        withdrawn = signal;
        await closed();
        return new Promise<never>(() => undefined);
      },
    });
    await withdrawing.run(attacks, ...words, "30", "end");
    expect(withdrawn?.aborted).toBe(true);
    expect(performance.now() - began).toBeLessThan(20_000);
    server.close();
  });
});

describe("what lies in /proc", () => {
  it("of a process that began after a split grant of it was made, is the caller's alone", async () => {
    await using tree = await makeTree({ "w/": "" });
    const script = [
      `echo > ${tree.at("w/ready")}; while [ ! -s ${tree.at("w/pid")} ]; do :; done`,
      `cat /proc/$(cat ${tree.at("w/pid")})/environ; cat /proc/self/comm /proc/thread-self/comm`,
    ].join("\n");
    const attack = async (run: (...words: string[]) => Promise<{ stdout: string }>) => {
      const outcome = run("/bin/sh", "-c", script);
      await until(() => existsSync(tree.at("w/ready")));
      const outside = spawn("sh", ["-c", PLAIN], { env: { PATH: "/usr/bin:/bin", SECRET: "outside" } });
      await until(() => /^Name:\tsleep/.test(readFileSync(`/proc/${outside.pid}/status`, "utf8")));
      writeFileSync(tree.at("w/pid"), `${outside.pid}\n`);
      const { stdout } = await outcome;
      outside.kill("SIGKILL");
      for (const name of ["w/ready", "w/pid"]) execFileSync("rm", [tree.at(name)]);
      return stdout;
    };
    expect(await attack((command, ...args) => unconfined(command, ...args))).toContain("SECRET=outside");

    const box = supervised({ readWrite: [tree.at("w")], deny: ["/proc/version"] });
    expect(await attack((command, ...args) => box.run(command, ...args))).toBe("cat\ncat\n");
  });
});

describe("as root", () => {
  itAsRoot("capabilities in a user namespace of the caller's own are none outside", async () => {
    await using tree = await makeTree({ "w/file": "f" });
    chmodSync(tree.root, 0o755);
    const box = supervised({
      readWrite: [tree.at("w")],
      read: [tools.root],
      set: (set) => set.allowUserNamespaces(),
    });
    const outcome = await box.run(attacks, "namespace", tree.at("w/file"));
    expect(outcome).toMatchObject({ code: 0, stdout: "1\n" }); // EPERM
    expect(statSync(tree.at("w/file")).uid).toBe(0);

    // control: whose capabilities are of our own namespace may do it
    const owner = await box.run("/usr/bin/chown", "65534", tree.at("w/file"));
    expect(owner.code).toBe(0);
    expect(statSync(tree.at("w/file")).uid).toBe(65534);
  });

  itAsRoot("a device that may be written keeps its mode, owner and times", async () => {
    await using tree = await makeTree();
    const device = tree.at("null");
    execFileSync("mknod", ["-m", "666", device, "c", "1", "3"]);
    chownSync(device, 0, 0);
    const script = `chmod 600 ${device}; chown 65534 ${device}; touch -d 2001-01-01 ${device}; echo > ${device}`;
    const box = supervised({ set: (set) => set.allowFile(device, AccessMode.ReadWrite) });
    const outcome = await box.run("/bin/sh", "-c", script);
    const { mode, uid, mtime } = statSync(device);
    expect([mode & 0o777, uid, mtime.getFullYear() > 2001, outcome.code]).toEqual([0o666, 0, true, 0]);

    await unconfined("/bin/sh", "-c", script);
    expect([statSync(device).mode & 0o777, statSync(device).uid]).toEqual([0o600, 65534]);
  });
});
