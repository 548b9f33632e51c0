// Who let something, and what: answers, connections, blocked commands, as the record has them.

import { spawn } from "node:child_process";
import net from "node:net";
import { describe, expect, it } from "vitest";
import { itOnAbi, itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { listed, OUTSIDE, openSupervised, reader, ready } from "./support/supervised.ts";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

type Event = Readonly<{ kind: string; n: number } & Record<string, unknown>>;

async function events(world: World): Promise<readonly Event[]> {
  const { stdout } = await world.nono("audit", "show", "--json");
  return stdout === "" ? [] : JSON.parse(stdout).events;
}

async function listening(place: number | string): Promise<net.Server> {
  const server = net.createServer((socket) => socket.end());
  await new Promise<void>((resolve) => {
    if (typeof place === "string") server.listen(place, resolve);
    else server.listen(place, "127.0.0.1", resolve);
  });
  return server;
}

describe("an answer", () => {
  itOnTerminal("is recorded with who gave it and from where, and signed at once", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a", "b", "c"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("y");
    await tmux.shows("content of a");
    tmux.press("Enter");
    await tmux.shows("outside/b");
    const [request] = await listed(world);
    const answering = spawn(NONO, ["approvals", "deny", String(request?.id)], {
      env: world.env,
      stdio: "ignore",
    });
    await new Promise((resolve) => answering.once("exit", resolve));
    await tmux.shows("from another terminal");
    tmux.type("n");
    await tmux.shows("refused b");
    // Nono is gone before the last question has an answer: what was answered is signed all the same.
    tmux.press("Enter");
    await tmux.shows("outside/c");
    const [session] = JSON.parse((await world.nono("ps", "--json")).stdout);
    process.kill(session.supervisor.pid, "SIGKILL");
    await until(() => !alive(session.supervisor.pid));

    const all = await events(world);
    const questions = all.filter(({ kind }) => kind === "question");
    expect(questions.map(({ path }) => path)).toEqual(
      ["a", "b", "c"].map((name) => world.at("outside", name)),
    );
    const answers = all.filter(({ kind }) => kind === "answered");
    const by = { who: "process", pid: answering.pid, uid: process.getuid?.() };
    expect(answers).toMatchObject([
      {
        id: questions[0]?.id,
        decision: "allow-once",
        allowed: true,
        path: world.at("outside/a"),
        by: { who: "terminal" },
      },
      { id: questions[1]?.id, decision: "deny", allowed: false, path: world.at("outside/b"), by },
    ]);
    const lines = (await world.nono("audit", "export")).stdout.trim().split("\n");
    for (const { n } of answers) expect(JSON.parse(lines[n + 1] as string).kind).toBe("checkpoint");
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a decision", () => {
  itOnAbi(4)("on a connection is recorded, whether it was granted or refused", async () => {
    await using world = await makeWorld({ "sockets/": "" });
    const servers = [await listening(0), await listening(0)];
    const [open, shut] = servers.map((server) => (server.address() as net.AddressInfo).port);
    servers.push(await listening(world.at("sockets/open")), await listening(world.at("sockets/shut")));
    const places = [open, shut, world.at("sockets/open"), world.at("sockets/shut")];
    const script = `for (const place of ${JSON.stringify(places)})
      require("net").connect(typeof place === "number" ? { host: "127.0.0.1", port: place } : place)
        .on("error", () => undefined).resume();`;
    const flags = ["--allow-connect-port", String(open), "--allow-unix-socket", world.at("sockets/open")];
    await world.nono("run", "-s", ...flags, "--", "node", "-e", script);
    for (const server of servers) server.close();

    const connects = (await events(world)).filter(({ operation }) => operation === "connect");
    const internet = (port: number | undefined) => ({ family: "internet", host: "127.0.0.1", port });
    const socket = (name: string) => expect.objectContaining({ path: world.at("sockets", name) });
    const of = (kind: string) => connects.filter((event) => event.kind === kind);
    expect(of("allowed")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ address: expect.objectContaining(internet(open)) }),
        socket("open"),
      ]),
    );
    expect(of("denied")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ address: expect.objectContaining(internet(shut)) }),
        socket("shut"),
      ]),
    );
  });

  it("stands behind the execution of the program that it is about", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const script = "i=0; while [ $i -lt 10 ]; do cat ~/.ssh/id; i=$((i+1)); done 2> /dev/null";
    await world.nono("run", "-s", "--", "sh", "-c", script);
    const all = await events(world);
    const denied = all.filter(({ kind }) => kind === "denied");
    expect(denied).toHaveLength(10);
    const pidOf = (event: Event) => (event.process as Readonly<{ pid: number }>).pid;
    for (const one of denied)
      expect(all.find((event) => event.kind === "executed" && pidOf(event) === pidOf(one))?.n).toBeLessThan(
        one.n,
      );
  });

  it("on a blocked command is recorded with its file, whatever calls it", async () => {
    await using world = await makeWorld();
    const script = "tr a b < /dev/null; env tr a b < /dev/null; echo over";
    const { stdout } = await world.nono(
      "run",
      "-s",
      "--allow-cwd",
      "--block-command",
      "tr",
      "--",
      "sh",
      "-c",
      script,
    );
    expect(stdout).toBe("over\n");
    const blocked = (await events(world)).filter(({ kind }) => kind === "blocked");
    expect(blocked.filter((event) => !String(event.blocked).endsWith("/tr"))).toEqual([]);
    expect(blocked.length).toBeGreaterThanOrEqual(2);
  });
});
