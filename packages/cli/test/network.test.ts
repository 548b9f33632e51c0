import { createServer, type Server } from "node:http";
import net from "node:net";
import { describe, expect, it } from "vitest";
import { itOnAbi } from "../../core/test/support/requires.ts";
import { makeWorld, type World } from "./support/world.ts";

async function serve(): Promise<Readonly<{ port: number; server: Server } & AsyncDisposable>> {
  const server = createServer((_, response) => response.end("served"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { server, port: (server.address() as net.AddressInfo).port, [Symbol.asyncDispose]: close };
}

const fetching = (port: number) =>
  `fetch("http://127.0.0.1:${port}").then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))`;

const said = async (world: World, flags: readonly string[], script: string) =>
  (await world.nono("run", "-s", ...flags, "--", "node", "-e", script)).stdout.trim();

describe("the network", () => {
  it("is open unless it is blocked", async () => {
    await using world = await makeWorld();
    await using service = await serve();
    expect(await said(world, [], fetching(service.port))).toBe("served");
    expect(await said(world, ["--block-net"], fetching(service.port))).toMatch(/^(EACCES|EPERM)$/);
  });

  it("that is blocked has no sockets of other kinds either", async () => {
    await using world = await makeWorld();
    const datagram = `
      const socket = require("dgram").createSocket("udp4");
      socket.once("error", (e) => console.log(e.code));
      socket.bind(0, "127.0.0.1", () => { console.log("bound"); socket.close(); })`;
    expect(await said(world, ["--block-net"], datagram)).toMatch(/^(EACCES|EPERM)$/);
    expect(await said(world, [], datagram)).toBe("bound"); // control
  });

  itOnAbi(4)("is open for the ports that are named, and no other", async () => {
    await using world = await makeWorld();
    await using service = await serve();
    await using other = await serve();
    const flags = ["--allow-connect-port", String(service.port)];
    expect(await said(world, flags, fetching(service.port))).toBe("served");
    expect(await said(world, flags, fetching(other.port))).toBe("EACCES");
    // Beside `other`, which keeps the port from everybody else meanwhile.
    const listening = `
      require("net").createServer().once("error", (e) => console.log(e.code))
        .listen(${other.port}, "127.0.0.2", function () { console.log("listens"); this.close(); })`;
    expect(await said(world, flags, listening)).toBe("EACCES");
    for (const option of ["--listen-port", "--open-port"])
      expect(await said(world, [option, String(other.port)], listening)).toBe("listens");
    expect(await said(world, ["--open-port", String(service.port)], fetching(service.port))).toBe("served");
    expect(await said(world, ["--listen-port", String(service.port)], fetching(service.port))).toBe("EACCES");
    expect(await said(world, ["--block-net", ...flags], fetching(service.port))).toBe("served");
  });
});

/** Says of each socket whether it could be connected to, and of each name whether a socket could be made there. */
const SOCKETS = `
  const net = require("net");
  const attempt = (act, event) => new Promise((done) => act().once(event, function () { done("yes"); (this.close ?? this.destroy).call(this); })
    .once("error", (e) => done(/^(EACCES|EPERM)$/.test(e.code) ? "no" : e.code)));
  (async () => {
    const said = [];
    for (const path of ["one", "below/two"]) said.push(await attempt(() => net.connect("../sockets/" + path), "connect"));
    for (const path of ["new", "below/new"]) said.push(await attempt(() => net.createServer().listen("../sockets/" + path), "listening"));
    console.log(said.join(" "));
  })()`;

describe("the options for unix sockets", () => {
  it.each([
    ["", "", "no no no no"],
    ["--allow-unix-socket", "one", "yes no no no"],
    ["--allow-unix-socket-bind", "new", "no no yes no"],
    ["--allow-unix-socket-dir", ".", "yes no no no"],
    ["--allow-unix-socket-dir-bind", ".", "yes no yes no"],
    ["--allow-unix-socket-subtree", ".", "yes yes no no"],
    ["--allow-unix-socket-subtree-bind", ".", "yes yes yes yes"],
  ])("%s %s opens: connect, connect below, bind, bind below: %s", async (option, path, answer) => {
    await using world = await makeWorld({ "sockets/below/": "" });
    const servers = await Promise.all(
      ["one", "below/two"].map((name) => listenOn(world.at("sockets", name))),
    );
    const flags = option === "" ? [] : [option, `../sockets/${path}`];
    expect(await said(world, flags, SOCKETS)).toBe(answer);
    if (option === "") expect((await world.bare("node", "-e", SOCKETS)).stdout).toBe("yes yes yes yes\n"); // control
    for (const server of servers) server.close();
  });
});

async function listenOn(path: string): Promise<net.Server> {
  const server = net.createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

describe("unix sockets", () => {
  it("of services outside are out of reach unless one is granted", async () => {
    await using world = await makeWorld();
    const path = world.at("project/service");
    const server = net.createServer((socket) => socket.end("served"));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const script = `require("net").connect(${JSON.stringify(path)})
      .on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))`;
    expect(await said(world, ["--allow-cwd"], script)).toMatch(/^(EACCES|EPERM)$/);
    expect(await said(world, ["--allow-cwd", "--allow-unix-socket", path], script)).toBe("served");
    expect((await world.bare("node", "-e", script)).stdout.trim()).toBe("served"); // control
    await new Promise((resolve) => server.close(resolve));
  });
});
