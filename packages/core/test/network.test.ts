import { spawn as spawnUnconfined } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CapabilitySet } from "../src/index.ts";
import { type Asked, confine } from "./support/confine.ts";
import { itOnAbi } from "./support/requires.ts";
import { makeTree } from "./support/tree.ts";

const connect = (host: string, port: number) =>
  `import socket; s = socket.create_connection((${JSON.stringify(host)}, ${port}), 5); print(s.recv(2).decode())`;

/** A Python that lies where the system has it, not where a version manager does. */
const python = "/usr/bin/python3";

describe("the network", () => {
  let server: Server;
  let other: Server;
  const portOf = (one: Server) => (one.address() as { port: number }).port;
  const listening = async () => {
    const one = createServer((socket) => socket.end("hi"));
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    return one;
  };
  beforeAll(async () => {
    [server, other] = await Promise.all([listening(), listening()]);
  });
  afterAll(() => {
    server.close();
    other.close();
  });
  const reach = (asked: Asked, port: number) => confine(asked).run(python, "-c", connect("127.0.0.1", port));

  it("is open when nothing limits it, and shut when blocked", async () => {
    expect(await reach({}, portOf(server))).toMatchObject({ code: 0, stdout: "hi\n" });
    expect(await reach({ set: (set) => set.blockNetwork() }, portOf(server))).toMatchObject({ code: 1 });
  });

  itOnAbi(4)("is open to the named ports only", async () => {
    const asked = { set: (set: CapabilitySet) => set.allowConnectPort(portOf(server)) };
    expect(await reach(asked, portOf(server))).toMatchObject({ code: 0, stdout: "hi\n" });
    expect((await reach(asked, portOf(other))).stderr).toContain("Permission denied");
  });

  itOnAbi(4)("has no datagram, raw or multipath way around the ports", async () => {
    const box = confine({ set: (set) => set.allowConnectPort(portOf(server)) });
    const open = confine({});
    for (const kind of ["AF_INET, s.SOCK_DGRAM", "AF_INET6, s.SOCK_DGRAM", "AF_INET, s.SOCK_STREAM, 262"]) {
      const make = `import socket as s; s.socket(s.${kind})`;
      expect(await box.run(python, "-c", make), kind).toMatchObject({ code: 1 });
      expect(await open.run(python, "-c", make), kind).toMatchObject({ code: 0 }); // control
    }
  });

  itOnAbi(4)(
    "has no port that the kernel picks for a socket that listens and was bound to none",
    async () => {
      const make = "import socket as s; s.socket().listen()";
      const box = confine({ set: (set) => set.allowConnectPort(portOf(server)) });
      expect((await box.run(python, "-c", make)).stderr).toContain("Permission denied");
      expect(await confine({}).run(python, "-c", make)).toMatchObject({ code: 0 }); // control
    },
  );

  it("keeps unix sockets of others out of reach where none is granted", async () => {
    await using tree = await makeTree({ "run/": "" });
    const daemon = createServer((socket) => socket.end("hi"));
    await new Promise<void>((resolve) => daemon.listen(tree.at("run/daemon"), resolve));
    const attack = `import socket as s; c = s.socket(s.AF_UNIX); c.connect("${tree.at("run/daemon")}"); print(c.recv(2).decode())`;
    const asked = { readWrite: [tree.at("run")] };
    const granted = (set: CapabilitySet) => void set.allowUnixSocket(tree.at("run/daemon"));
    expect(await confine(asked).run(python, "-c", attack)).toMatchObject({ code: 1, stdout: "" });
    expect(await confine({ ...asked, set: granted }).run(python, "-c", attack)).toMatchObject({
      stdout: "hi\n",
    }); // control
    expect(
      await confine({ ...asked, set: (set) => set.blockNetwork() }).run(
        python,
        "-c",
        "import socket as s; s.socketpair()",
      ),
    ).toMatchObject({ code: 0 });
    daemon.close();
  });

  itOnAbi(6)("lets abstract sockets outside be reached by nobody inside", async () => {
    const name = `nono-test-${process.pid}`;
    const serve = `import socket as s; d = s.socket(s.AF_UNIX); d.bind("\\0${name}"); d.listen(); print("up", flush=True)\nwhile True: d.accept()[0].sendall(b"hi")`;
    const daemon = spawnUnconfined(python, ["-c", serve], { stdio: ["ignore", "pipe", "inherit"] });
    await once(daemon.stdout, "data");
    const attack = `import socket as s; c = s.socket(s.AF_UNIX); c.connect("\\0${name}"); print(c.recv(2).decode())`;
    const withSockets = (set: CapabilitySet) => void set.allowUnixSocket("/nonexistent");
    const open = (set: CapabilitySet) => withSockets(set.scopeProcesses("any"));
    expect(await confine({ set: withSockets }).run(python, "-c", attack)).toMatchObject({
      code: 1,
      stdout: "",
    });
    expect(await confine({ set: open }).run(python, "-c", attack)).toMatchObject({ stdout: "hi\n" }); // control
    daemon.kill();
  });
});
