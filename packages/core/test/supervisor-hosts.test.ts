// TCP to granted hosts: the supervisor judges each address and connects itself; no rule of the kernel lets one pass.
import { spawn as nodeSpawn } from "node:child_process";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { CapabilitySet } from "../src/index.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { type Asked, unconfined } from "./support/confine.ts";
import { refusingPort } from "./support/daemons.ts";
import { itWhere } from "./support/requires.ts";
import { supervised, told, until } from "./support/supervised.ts";

const acts = useActs();

/** Without numbers of descriptors. */
const results = (text: string) => linesOf(text).map((line) => line.replace(/^socket=\d+$/, "socket"));
const asked = (set: (set: CapabilitySet) => unknown): Asked => ({ read: [acts.directory], set });

/** A service outside of every sandbox. */
async function service(host: string, port = 0) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined); // clients that are gone already
    socket.resume().end("outside");
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  return {
    port: (server.address() as { port: number }).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const hasIpv6 = await service("::1").then(
  async (server) => {
    await server[Symbol.asyncDispose]();
    return true;
  },
  () => false,
);

describe("a granted host", () => {
  it("is reached, and no other, whatever its port", async () => {
    await using one = await service("127.0.0.1");
    await using other = await service("127.0.0.2", one.port);
    const script = (host: string) => ["socket:inet", `tcp:${host}:${one.port}`];
    const both = [...script("127.0.0.1"), "read", ...script("127.0.0.2")];
    const address = supervised(asked((set) => set.allowConnect("127.0.0.1", one.port)));
    const outcome = await address.run(acts.program, ...both);

    expect(results(outcome.stdout)).toEqual([
      "socket",
      "tcp=0",
      "text=outside",
      "read=7",
      "socket",
      "tcp=EACCES",
    ]);
    expect(told(outcome.events.filter(({ kind }) => kind === "denied"))).toEqual([
      `denied connect {"family":"internet","host":"127.0.0.2","port":${other.port}}`,
    ]);
    expect(results((await unconfined(acts.program, ...both)).stdout).at(-1)).toBe("tcp=0"); // control
  });

  it("is reached at every port where none is named, and at that one alone where one is", async () => {
    await using one = await service("127.0.0.1");
    await using other = await service("127.0.0.1");
    const script = [one, other].flatMap(({ port }) => ["socket:inet", `tcp:127.0.0.1:${port}`]);
    const reached = async (port?: number) => {
      const box = supervised(asked((set) => set.allowConnect("127.0.0.1", port)));
      return results((await box.run(acts.program, ...script)).stdout).filter((line) =>
        line.startsWith("tcp="),
      );
    };
    expect(await reached()).toEqual(["tcp=0", "tcp=0"]);
    expect(await reached(one.port)).toEqual(["tcp=0", "tcp=EACCES"]);
  });

  it("stands beside granted ports, which lead to every address", async () => {
    await using one = await service("127.0.0.1");
    await using other = await service("127.0.0.2");
    const set = (set: CapabilitySet) => set.allowConnect("127.0.0.1", one.port).allowConnectPort(other.port);
    const script = [
      ["127.0.0.1", one.port],
      ["127.0.0.2", other.port],
      ["127.0.0.2", one.port],
    ].flatMap(([host, port]) => ["socket:inet", `tcp:${host}:${port}`]);
    const outcome = await supervised(asked(set)).run(acts.program, ...script);
    expect(results(outcome.stdout).filter((line) => line !== "socket")).toEqual([
      "tcp=0",
      "tcp=0",
      "tcp=EACCES",
    ]);
  });

  it("called localhost is all of this machine's own addresses, however they are written", async () => {
    await using one = await service("127.0.0.1");
    await using other = await service("127.0.0.2", one.port);
    const script = ["127.0.0.1", "127.0.0.2"].flatMap((host) => [
      "socket:inet",
      `tcp:${host}:${other.port}`,
      "socket:inet6",
      `tcp6:${host}:${other.port}`,
    ]);
    const outcome = await supervised(asked((set) => set.allowConnect("localhost"))).run(
      acts.program,
      ...script,
    );
    expect(results(outcome.stdout).filter((line) => line !== "socket")).toEqual([
      "tcp=0",
      "tcp6=0",
      "tcp=0",
      "tcp6=0",
    ]);
  });

  itWhere(hasIpv6, "IPv6")(
    "is not another one of IPv6, and localhost is its loopback address too",
    async () => {
      await using one = await service("::1");
      const script = ["socket:inet6", `tcp6::${one.port}`];
      const reached = async (host: string) =>
        results(
          (await supervised(asked((set) => set.allowConnect(host))).run(acts.program, ...script)).stdout,
        ).at(-1);
      expect(await reached("localhost")).toBe("tcp6=0");
      expect(await reached("::1")).toBe("tcp6=0");
      expect(await reached("127.0.0.1")).toBe("tcp6=EACCES");
      expect(await reached("2001:db8::1")).toBe("tcp6=EACCES");
    },
  );

  it("leaves no other way to connect: mapped addresses, fast open, addressed sends, source routes, UDP", async () => {
    await using one = await service("127.0.0.1");
    await using other = await service("127.0.0.2", one.port);
    const FAST_OPEN = 0x2000_0000;
    const script = [
      "socket:inet6",
      `tcp6:127.0.0.2:${other.port}`,
      "socket:inet",
      `sendtcp:127.0.0.2:${other.port}:${FAST_OPEN}`,
      "socket:inet",
      `sendtcp:127.0.0.2:${other.port}`,
      "socket:inet",
      "route:127.0.0.2",
      "socket:inet:dgram",
    ];
    const outcome = await supervised(asked((set) => set.allowConnect("127.0.0.1"))).run(
      acts.program,
      ...script,
    );
    expect(results(outcome.stdout)).toEqual([
      "socket",
      "tcp6=EACCES",
      "socket",
      "sendtcp=EOPNOTSUPP",
      "socket",
      "sendtcp=EPIPE",
      "socket",
      "route=EPERM",
      "socket=EACCES",
    ]);
    const bare = results((await unconfined(acts.program, ...script)).stdout).filter(
      (line) => line !== "socket",
    );
    const route = expect.stringMatching(/^route=(0|EPERM)$/); // newer kernels want a privilege for it
    expect(bare).toEqual(["tcp6=0", expect.stringMatching(/^sendtcp=/), "sendtcp=EPIPE", route]); // control
  });

  it("connects as usual: refused, in progress, already connected, again after an end", async () => {
    await using one = await service("127.0.0.1");
    await using closed = await refusingPort("127.0.0.1");
    const script = [
      "socket:inet",
      `tcp:127.0.0.1:${closed.port}`,
      `tcp:127.0.0.1:${one.port}`,
      `tcp:127.0.0.1:${one.port}`,
      "socket:inet",
      "nonblock",
      `tcp:127.0.0.1:${one.port}`,
      "poll:1000",
      "error",
      `tcp:127.0.0.1:${one.port}`,
      "socket:inet",
      "nonblock",
      `tcp:127.0.0.1:${closed.port}`,
      "poll:1000",
      "error",
    ];
    const outcome = await supervised(asked((set) => set.allowConnect("localhost"))).run(
      acts.program,
      ...script,
    );

    expect(results(outcome.stdout)).toEqual(results((await unconfined(acts.program, ...script)).stdout));
    expect(results(outcome.stdout)).toContain("tcp=EINPROGRESS");
    expect(results(outcome.stdout)).toContain("tcp=EISCONN");
  });
});

it("a host that nobody answers at keeps the one call waiting, until a signal ends it", async () => {
  // a full backlog: the kernel drops further connections, and connect waits
  const closed = await service("127.0.0.1");
  await closed[Symbol.asyncDispose]();
  const bound = ["socket:inet", `bindtcp:127.0.0.1:${closed.port}`, "listen"];
  const full = Array.from({ length: 10 }, () => ["socket:inet", `tcp:127.0.0.1:${closed.port}`]).flat();
  const server = nodeSpawn(acts.program, [...bound, "pause"]);
  try {
    let said = "";
    server.stdout.on("data", (chunk) => {
      said += String(chunk);
    });
    await until(() => said.includes("listen=0"));
    const script = `${acts.program} alarm:700 ${full.join(" ")} | tail -1 & ${acts.program} socket:inet tcp:127.0.0.2:9 | tail -1; wait`;
    const box = supervised(asked((set) => set.allowConnect("127.0.0.1")));
    const outcome = await box.run("/bin/sh", "-c", script);
    expect(linesOf(outcome.stdout).sort()).toEqual(["tcp=EACCES", "tcp=EINTR"]);
  } finally {
    server.kill();
  }
});

describe("a host that is not granted", () => {
  it("is asked for by its address, and a yes is for that one connection", async () => {
    await using one = await service("127.0.0.1");
    const hosts: string[] = [];
    const box = supervised(
      asked((set) => set.allowConnect("192.0.2.1")),
      {
        onRequest(request) {
          if (request.operation === "connect" && request.address.family === "internet")
            hosts.push(request.address.host);
          return { allow: hosts.length === 1 };
        },
      },
    );
    const script = ["socket:inet", `tcp:127.0.0.1:${one.port}`, "socket:inet", `tcp:127.0.0.1:${one.port}`];
    const outcome = await box.run(acts.program, ...script);
    expect(results(outcome.stdout)).toEqual(["socket", "tcp=0", "socket", "tcp=EACCES"]);
    expect(hosts).toEqual(["127.0.0.1", "127.0.0.1"]);
  });
});

it("what is sent to a host leaves from a copy, and nobody is told when it has left", async () => {
  const script = ["socket:inet", "zerocopy"];
  const outcome = await supervised({ read: [acts.directory] }).run(acts.program, ...script);
  expect(results(outcome.stdout)).toEqual(["socket", "zerocopy=ENOPROTOOPT"]);
  expect(results((await unconfined(acts.program, ...script)).stdout)).toEqual(["socket", "zerocopy=0"]); // control
});
