// Sockets under a supervisor: daemons outside are out of reach unless granted, and destinations are checked by address.
import { spawn as nodeSpawn } from "node:child_process";
import { createSocket as createUdpSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { describe, expect, it } from "vitest";
import { allowed, type Request } from "../src/supervisor/request.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { type Asked, unconfined } from "./support/confine.ts";
import { refusingPort } from "./support/daemons.ts";
import { itOnAbi } from "./support/requires.ts";
import { supervised, told, until } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const results = (text: string) =>
  linesOf(text).map((line) => line.replace(/^(socket|accept|pair|open|take|other)=\d+$/, "$1"));

/** A daemon that lies outside of every sandbox. */
async function daemon(path: string | Readonly<{ host: string; port: number }>) {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined); // clients that are gone already
    socket.end("outside");
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe("a unix socket outside", () => {
  it("is out of reach, by every call and in every network mode", async () => {
    await using tree = await makeTree();
    const path = tree.at("daemon");
    await using _ = await daemon(path);
    chmodSync(path, 0o777);
    const script = [
      "socket:unix",
      `connect:${path}`,
      "socket:unix:dgram",
      `connect:${path}`,
      `sendto:${path}`,
      `sendmsg:${path}:x`,
      `sendmmsg:${path}:x`,
      "pair:dgram",
      `sendto:${path}`,
      `sendmsg:${path}:x`,
      "socket:unix:raw",
      `sendmsg:${path}:x`,
    ];
    for (const network of ["all", "none"] as const) {
      const asked: Asked = {
        readWrite: [tree.root],
        read: [acts.directory],
        set: (set) => network === "none" && set.blockNetwork(),
      };
      const outcome = await supervised(asked).run(acts.program, ...script);

      expect(results(outcome.stdout)).toEqual([
        "socket",
        "connect=EACCES",
        "socket",
        "connect=EACCES",
        "sendto=EACCES",
        "sendmsg=EACCES",
        "sendmmsg=EACCES",
        "other",
        "pair",
        "sendto=EACCES",
        "sendmsg=EACCES",
        "socket",
        "sendmsg=EACCES",
      ]);
      expect(told(outcome.events)).toContain(`denied connect ${path}`);
      expect(told(outcome.events)).toContain(`denied send ${path}`);
    }
    const bare = await unconfined(acts.program, "socket:unix", `connect:${path}`, "read");
    expect(linesOf(bare.stdout).slice(1, 3)).toEqual(["connect=0", "text=outside"]);
  });

  it("is within reach where it, its directory or a directory above it is granted", async () => {
    await using tree = await makeTree({ "a/b/": "" });
    const path = tree.at("a/b/daemon");
    await using _ = await daemon(path);
    const script = ["socket:unix", `connect:${path}`, "read"];
    for (const [granted, scope, reached] of [
      [path, "socket", true],
      [tree.at("a/b"), "directory", true],
      [tree.at("a"), "directory", false],
      [tree.at("a"), "subtree", true],
    ] as const) {
      const box = supervised({
        read: [acts.directory],
        set: (set) => set.allowUnixSocket(granted, { scope }),
      });
      const outcome = await box.run(acts.program, ...script);
      expect({ granted, scope, text: linesOf(outcome.stdout)[1] }).toEqual({
        granted,
        scope,
        text: reached ? "connect=0" : "connect=EACCES",
      });
    }
  });

  it("is a question that names it, and a yes connects to what was asked for", async () => {
    await using tree = await makeTree();
    const path = tree.at("daemon");
    await using _ = await daemon(path);
    const asked: Request[] = [];
    const box = supervised(
      { read: [acts.directory] },
      {
        onRequest: (request) => {
          asked.push(request);
          return allowed;
        },
      },
    );
    const outcome = await box.run(
      acts.program,
      `chdir:${tree.root}`,
      "socket:unix",
      "connect:./daemon",
      "read",
    );

    expect(linesOf(outcome.stdout).slice(2)).toEqual(["connect=0", "text=outside", "read=7"]);
    expect(asked).toMatchObject([
      {
        operation: "connect",
        reason: "destination",
        target: { path },
        address: { family: "unix", path: "./daemon" },
      },
    ]);
  });

  it("that is missing, closed or no socket is told as it is", async () => {
    await using tree = await makeTree({ file: "" });
    const outcome = await supervised({ read: [acts.directory] }).run(
      acts.program,
      "socket:unix",
      `connect:${tree.at("nothing")}`,
      `connect:${tree.at("file")}`,
      "connect:!nobody-has-this-name",
      "connect:",
    );

    expect(linesOf(outcome.stdout).slice(1)).toEqual(
      ["connect=ENOENT", "connect=ECONNREFUSED", "connect=ECONNREFUSED", "connect=ECONNREFUSED"].map(
        (line, i) => (i === 3 ? expect.stringMatching(/^connect=E/) : line),
      ),
    );
    expect(outcome.events).toEqual([]);
  });

  itOnAbi(6)("of an abstract name is out of reach as well", async () => {
    const name = `nono-test-${process.pid}`;
    const server = nodeSpawn(acts.program, ["socket:unix", `bind:!${name}`, "listen", "pause"]);
    await once(server.stdout.setEncoding("utf8"), "data");
    await until(() => readFileSync("/proc/net/unix", "utf8").includes(`@${name}`));
    const script = ["socket:unix", `connect:!${name}`];
    const outcome = await supervised({ read: [acts.directory] }).run(acts.program, ...script);

    expect(linesOf(outcome.stdout)[1]).toBe("connect=EACCES");
    expect(outcome.events).toMatchObject([
      { kind: "denied", request: { operation: "connect", address: { family: "abstract", name } } },
    ]);
    expect(linesOf((await unconfined(acts.program, ...script)).stdout)[1]).toBe("connect=0");
    server.kill();
  });
});

describe("a unix socket of the sandbox itself", () => {
  it("can be bound below a write grant, connected to and sent to", async () => {
    await using tree = await makeTree({ "w/": "", "out/": "" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory] };
    const path = tree.at("w/own");
    const outcome = await supervised(asked).run(
      acts.program,
      "socket:unix",
      `bind:${path}`,
      "listen",
      "socket:unix",
      `connect:${path}`,
      "accept:3",
      "socket:unix",
      "bind:!nono-own-name",
      "listen",
      "socket:unix",
      "connect:!nono-own-name",
      "socket:unix",
      `bind:${tree.at("out/own")}`,
    );

    expect(results(outcome.stdout)).toEqual([
      "socket",
      "bind=0",
      "listen=0",
      "socket",
      "connect=0",
      "accept",
      "socket",
      "bind=0",
      "listen=0",
      "socket",
      "connect=0",
      "socket",
      "bind=EACCES",
    ]);
    expect(told(outcome.events)).toEqual([`denied bind ${tree.at("out/own")}`]);
  });

  it("takes datagrams, and descriptors, once such sockets exist", async () => {
    await using tree = await makeTree({ "w/file": "f" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory] };
    const script = [
      "socket:unix:dgram",
      `bind:${tree.at("w/own")}`,
      "socket:unix:dgram",
      `sendmsg:${tree.at("w/own")}:hello`,
      `sendto:${tree.at("w/own")}`,
      "read:3",
      "read:3",
      `sendmmsg:${tree.at("w/own")}:many`,
      "pair:stream",
      `open:${tree.at("w/file")}:r`,
      "pass:5:7",
      "take:6",
      "read",
      "sendmsg::plain:5",
      "read:6",
      "close:6",
      "sendmsg::broken:5",
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);

    expect(results(outcome.stdout)).toEqual([
      "socket",
      "bind=0",
      "socket",
      "sendmsg=5",
      "sendto=1",
      "text=hello",
      "read=5",
      "text=x",
      "read=1",
      "length=4",
      expect.stringMatching(/^sendmmsg=[12]$/), // a shorter count is what programs are ready for
      "other",
      "pair",
      "open",
      "pass=1",
      "take",
      "text=f",
      "read=1",
      "sendmsg=5",
      "text=plain",
      "read=5",
      "close=0",
      "sendmsg=EPIPE",
    ]);
    expect(outcome.events).toEqual([]);
  });

  it("can be bound in a directory in which something is denied", async () => {
    await using tree = await makeTree({ "w/secret": "" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/secret")] };
    const outcome = await supervised(asked).run(
      acts.program,
      "umask:077",
      `chdir:${tree.at("w")}`,
      "socket:unix",
      "bind:own",
      "listen",
      "socket:unix",
      "connect:own",
      "unlink:own",
    );

    expect(linesOf(outcome.stdout).filter((line) => /=E/.test(line))).toEqual([]);
    expect(existsSync(tree.at("w/own"))).toBe(false);
  });

  it("is not one that took its name, nor one of outside with the same number", async () => {
    await using tree = await makeTree({ "w/": "" });
    const path = tree.at("w/name");
    const box = supervised({ readWrite: [tree.at("w")], read: [acts.directory] });
    await box.run(acts.program, "socket:unix", `bind:${path}`, `unlink:${path}`);
    await using _ = await daemon(path);
    const outcome = await box.run(
      acts.program,
      "socket:unix",
      `bind:${tree.at("w/other")}`,
      "socket:unix",
      `connect:${path}`,
    );

    expect(linesOf(outcome.stdout).at(-1)).toBe("connect=EACCES");
  });
});

describe("an internet address", () => {
  it("is checked where destinations are granted, and Landlock's ports alone do not open it", async () => {
    await using one = await daemon({ host: "127.0.0.1", port: 0 });
    await using other = await daemon({ host: "127.0.0.2", port: 0 });
    const asked: Asked = { read: [acts.directory], set: (set) => set.allowConnectPort(one.port) };
    const destinations = [{ host: "127.0.0.2", port: other.port }];
    const outcome = await supervised(asked, { destinations }).run(
      acts.program,
      "socket:inet",
      `tcp:127.0.0.1:${one.port}`,
      "read",
      "socket:inet",
      `tcp:127.0.0.2:${other.port}`,
      "read",
      "socket:inet",
      `tcp:127.0.0.1:${other.port}`,
    );

    expect(linesOf(outcome.stdout).filter((line) => /^(tcp|text)=/.test(line))).toEqual([
      "tcp=0",
      "text=outside",
      "tcp=0",
      "text=outside",
      "tcp=EACCES",
    ]);
    expect(outcome.events.at(-1)).toMatchObject({
      kind: "denied",
      request: { operation: "connect", address: { family: "internet", host: "127.0.0.1", port: other.port } },
    });
  });

  it("behaves as usual: refused, in progress, already connected", async () => {
    await using one = await daemon({ host: "127.0.0.1", port: 0 });
    await using closed = await refusingPort("127.0.0.1");
    const script = [
      "socket:inet",
      `tcp:127.0.0.1:${closed.port}`,
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
    const outcome = await supervised({ read: [acts.directory] }).run(acts.program, ...script);

    expect(results(outcome.stdout)).toEqual(results((await unconfined(acts.program, ...script)).stdout));
    expect(results(outcome.stdout)).toContain("tcp=EINPROGRESS");
  });

  it("that nobody answers at keeps the one call waiting, until a signal ends it", async () => {
    // a full backlog: the kernel drops further connections, and connect waits
    await using tree = await makeTree({ "w/": "" });
    const path = tree.at("w/own");
    const script = [
      `${acts.program} socket:unix bind:${path} listen pause > /dev/null & server=$!`,
      `while [ ! -S ${path} ]; do :; done`,
      `full="" ; for i in 1 2 3 4 5 6 7 8 9 10; do full="$full socket:unix connect:${path}"; done`,
      `${acts.program} alarm:500 $full | tail -1`,
      "echo others go on; kill $server",
    ].join("\n");
    const box = supervised({ readWrite: [tree.at("w")], read: [acts.directory] });
    const outcome = await box.run("/bin/sh", "-c", script);

    expect(outcome.stdout).toBe("connect=EINTR\nothers go on\n");
  });

  it("of UDP goes on, also after a unix datagram socket was made", async () => {
    const server = createUdpSocket("udp4");
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const script = [
      "socket:unix:dgram",
      "socket:inet:dgram",
      `tcp:127.0.0.1:${server.address().port}`,
      "sendmsg::x",
      "sendmmsg::xy",
    ];
    const outcome = await supervised({ read: [acts.directory] }).run(acts.program, ...script);

    expect(results(outcome.stdout)).toEqual([
      "socket",
      "socket",
      "tcp=0",
      "sendmsg=1",
      "length=2",
      "sendmmsg=1",
    ]);
    server.close();
  });
});
