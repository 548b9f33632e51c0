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
    const listening = `
      require("net").createServer().once("error", (e) => console.log(e.code))
        .listen(${other.port}, "127.0.0.1", function () { console.log("listens"); this.close(); })`;
    expect(await said(world, flags, listening)).toBe("EACCES");
    await other[Symbol.asyncDispose]();
    expect(await said(world, ["--listen-port", String(other.port)], listening)).toBe("listens");
    expect(await said(world, ["--open-port", String(other.port)], listening)).toBe("listens");
    expect(await said(world, ["--block-net", ...flags], fetching(service.port))).toBe("served");
  });
});

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
