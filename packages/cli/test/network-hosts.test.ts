// TCP limited to hosts: as options, in profiles, in answers and reports.

import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, type World } from "./support/world.ts";

type Place = readonly [host: string, port: number];

/** A service outside of the sandbox. */
async function serve(host: string, port = 0): Promise<Readonly<{ port: number } & AsyncDisposable>> {
  const server = net.createServer((socket) => {
    socket
      .on("error", () => undefined)
      .resume()
      .end();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: (server.address() as net.AddressInfo).port, [Symbol.asyncDispose]: close };
}

const attempts = (places: readonly Place[]) =>
  places
    .map(([host, port]) => `(exec 3<>/dev/tcp/${host}/${port}) 2>/dev/null && echo reached || echo refused`)
    .join("\n");

/** What each attempt came to, in one sandbox. */
async function tried(world: World, flags: readonly string[], places: readonly Place[]) {
  const { stdout, stderr } = await world.nono("run", "-s", ...flags, "--", "bash", "-c", attempts(places));
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

const why = async (world: World, flags: readonly string[], [host, port]: Place) =>
  (await world.nono("why", "--host", host, "--port", String(port), ...flags)).code === 0
    ? "reached"
    : "refused";

const ownAddress = Object.values(os.networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

const hostName = os.hostname().toLowerCase();
const hostAddresses = await lookup(hostName, { all: true }).catch(() => []);
const isNamedHere =
  /^[a-z][a-z0-9-]*$/.test(hostName) && hostAddresses.some(({ address }) => address === "127.0.0.1");

describe("a granted host", () => {
  it("is within reach, no other is, and nono why says the same", async () => {
    await using world = await makeWorld();
    await using one = await serve("127.0.0.1");
    await using other = await serve("127.0.0.2", one.port);
    await using further = await serve("127.0.0.1");
    const places: readonly Place[] = [
      ["127.0.0.1", one.port],
      ["127.0.0.2", other.port],
      ["127.0.0.1", further.port],
    ];
    for (const [flags, results] of [
      [
        ["--allow-connect", "localhost"],
        ["reached", "reached", "reached"],
      ],
      [
        ["--allow-connect", `localhost:${one.port}`],
        ["reached", "reached", "refused"],
      ],
      [
        ["--allow-connect", "127.0.0.1"],
        ["reached", "refused", "reached"],
      ],
      [
        ["--allow-connect", `127.0.0.2:${one.port}`],
        ["refused", "reached", "refused"],
      ],
      [
        ["--block-net", "--allow-connect", "127.0.0.2"],
        ["refused", "reached", "refused"],
      ],
      [
        ["--allow-connect", "127.0.0.2", "--allow-connect-port", String(further.port)],
        ["refused", "reached", "reached"],
      ],
    ] as const) {
      expect({ flags, results: await tried(world, flags, places) }).toEqual({ flags, results });
      const answers = await Promise.all(places.map((place) => why(world, flags, place)));
      expect({ flags, answers }).toEqual({ flags, answers: results });
    }
    expect(await tried(world, [], places)).toEqual(["reached", "reached", "reached"]); // control
  });

  it("is granted by a profile, until the command line blocks the network", async () => {
    await using one = await serve("127.0.0.1");
    await using other = await serve("127.0.0.2", one.port);
    const profile = { network: { allow_connect: [`127.0.0.1:${one.port}`] } };
    await using world = await makeWorld({ "home/.config/nono/profiles/db.json": JSON.stringify(profile) });
    const places: readonly Place[] = [
      ["127.0.0.1", one.port],
      ["127.0.0.2", other.port],
    ];
    expect(await tried(world, ["-p", "db"], places)).toEqual(["reached", "refused"]);
    expect(await tried(world, ["-p", "db", "--block-net"], places)).toEqual(["refused", "refused"]);
    const wrapped = await world.nono("wrap", "-p", "db", "--", "true");
    expect(wrapped.code).toBe(1);
    expect(wrapped.stderr).toMatch(
      /^nono: profile:db [^\n]* needs a supervisor, which tells addresses apart, and nono wrap leaves none behind: use nono run\n$/,
    );
  });

  itWhere(ownAddress !== undefined, "an address beside the loopback")(
    "called localhost is none of this machine's other addresses",
    async () => {
      await using world = await makeWorld();
      await using one = await serve("0.0.0.0");
      const places: readonly Place[] = [
        ["127.0.0.1", one.port],
        [ownAddress ?? "", one.port],
        ["0.0.0.0", one.port],
      ];
      expect(await tried(world, ["--allow-connect", "localhost"], places)).toEqual([
        "reached",
        "refused",
        "refused",
      ]);
      expect(await tried(world, [], places)).toEqual(["reached", "reached", "reached"]); // control
    },
  );

  itWhere(isNamedHere, "a name in /etc/hosts")(
    "is held to the addresses that its name had at the start",
    async () => {
      await using world = await makeWorld();
      await using one = await serve("127.0.0.1");
      await using other = await serve("127.0.0.2", one.port);
      const flags = ["--allow-connect", `${hostName}:${one.port}`];
      const places: readonly Place[] = [
        [hostName, one.port],
        ["127.0.0.1", one.port],
        ["127.0.0.2", other.port],
      ];
      expect(await tried(world, flags, places)).toEqual(["reached", "reached", "refused"]);
      expect(await Promise.all(places.map((place) => why(world, flags, place)))).toEqual([
        "reached",
        "reached",
        "refused",
      ]);
      const { stderr, stdout } = await world.nono("run", ...flags, "--", "cat", "/etc/hosts");
      const real = readFileSync("/etc/hosts", "utf8");
      expect(stdout.endsWith(real)).toBe(true);
      expect(stdout.slice(0, -real.length).split("\n")).toContain(`127.0.0.1 ${hostName}`);
      expect(stderr).toMatch(
        new RegExp(`connect to ${hostName} \\(127\\.0\\.0\\.1[^)]*\\)\\s+port ${one.port}`),
      );
    },
  );
});

describe("a host that is not granted", () => {
  it("stands in the report with the option that opens it, and nothing else", async () => {
    await using world = await makeWorld();
    await using one = await serve("127.0.0.1");
    await using other = await serve("127.0.0.2", one.port);
    const places: readonly Place[] = [
      ["127.0.0.1", one.port],
      ["127.0.0.2", other.port],
    ];
    const json = world.at("report.json");
    const flags = ["--allow-connect", "192.0.2.1"];
    await tried(world, [...flags, "--diagnostics-json", json], places);
    const { denials } = JSON.parse(world.read("report.json"));
    expect(denials.map(({ change, because }: Record<string, string>) => [change, because])).toEqual([
      [`--allow-connect 127.0.0.1:${one.port}`, "only other hosts and ports are open"],
      [`--allow-connect 127.0.0.2:${one.port}`, "only other hosts and ports are open"],
    ]);
    const options = denials[0].change.split(" ");
    expect(await tried(world, [...flags, ...options], places)).toEqual(["reached", "refused"]);
  });

  it("is learned as a host where hosts were named, and as a port where ports were", async () => {
    await using world = await makeWorld();
    await using one = await serve("127.0.0.1");
    await using other = await serve("127.0.0.2");
    const script = attempts([
      ["127.0.0.1", one.port],
      ["127.0.0.2", other.port],
    ]);
    const learned = async (...flags: string[]) => {
      const words = ["learn", "--permissive", ...flags, "--", "bash", "-c", script];
      const { stdout } = await world.nono(...words);
      const { allow_connect, connect_ports } = JSON.parse(stdout.slice(stdout.indexOf("{"))).network;
      return [...(allow_connect ?? []), ...(connect_ports ?? [])].sort();
    };
    expect(await learned("--allow-connect", "localhost")).toEqual(["localhost"]);
    expect(await learned("--allow-connect", "127.0.0.1")).toEqual(["127.0.0.1", `127.0.0.2:${other.port}`]);
    expect(await learned("--allow-connect-port", String(one.port))).toEqual([one.port, other.port].sort());
  });
});
