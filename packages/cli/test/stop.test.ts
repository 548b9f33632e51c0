// nono stop: the whole tree ends, and what nono keeps of the session is finished.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { startSession } from "./support/sessions.ts";
import { OUTSIDE, openSupervised, reader, ready } from "./support/supervised.ts";
import { isAlive, leftBySessions, makeWorld, NONO, until, type World } from "./support/world.ts";

/** In a session of its own, without a parent, deaf to SIGTERM; `pid` in the project is its number. */
const DAEMON = `(setsid sh -c 'trap "" TERM HUP; echo $$ > pid.new; mv pid.new pid; while :; do sleep 0.1; done' &)`;

/** Deaf to SIGTERM. */
const STUBBORN = `trap '' TERM; while :; do sleep 0.1; done`;

const namespaces = spawnSync("unshare", ["-pf", "--mount-proc", "true"]).status === 0;

function childrenOf(pid: number): readonly number[] {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return children.trim().split(" ").map(Number);
}

async function pidOfDaemon(world: World): Promise<number> {
  await until(() => fs.existsSync(world.at("project/pid")));
  return Number(world.read("project/pid"));
}

async function json(world: World, ...args: string[]) {
  return JSON.parse((await world.nono(...args, "--json")).stdout);
}

describe("nono stop", () => {
  it("ends the tree, also what left it and ignores SIGTERM, and finishes record and snapshots", async () => {
    await using world = await makeWorld({ "project/a": "a\n" });
    const script = `${DAEMON}; echo b > b; sleep 1000`;
    await using session = await startSession(world, script, "--name", "web", "--rollback");
    const daemon = await pidOfDaemon(world);
    const stopped = await world.nono("stop", "web");
    expect(stopped).toMatchObject({
      code: 0,
      stdout: "",
      stderr: `nono: ${session.id} has ended: SIGTERM\n`,
    });
    expect(isAlive(daemon)).toBe(false);
    expect(await session.ended).toBe(143);
    expect(leftBySessions(world)).toEqual([]);
    expect(await json(world, "ps", "--all")).toMatchObject([{ state: "ended", signal: "SIGTERM" }]);
    const record = await json(world, "audit", "show", session.id);
    expect(record).toMatchObject({
      state: "ended",
      signal: "SIGTERM",
      merkle_roots: [{}, {}].map(() => expect.any(String)),
    });
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
    const restored = await world.nono("rollback", "restore", session.id, "--all", "--yes");
    expect(restored.code).toBe(0);
    expect(fs.existsSync(world.at("project/b"))).toBe(false);
    expect(fs.readdirSync(session.directory)).toEqual(["session.json"]);
  });

  it("says so when the session goes on, and --force ends it all the same", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, STUBBORN, "--rollback");
    const asked = await world.nono("stop", session.id, "--timeout", "1");
    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr).toContain(`nono stop ${session.id} --force`);
    expect(await json(world, "ps")).toHaveLength(1);
    expect(await world.nono("stop", session.id, "--force")).toMatchObject({ code: 0 });
    expect(await session.ended).toBe(137);
    expect(await json(world, "audit", "show")).toMatchObject({ state: "ended", signal: "SIGKILL" });
    expect(await json(world, "rollback", "list")).toMatchObject([{ state: "ended" }]);
  });

  it("ends one whose nono does not answer only with --force, and takes its last snapshot", async () => {
    await using world = await makeWorld();
    const script = `${DAEMON}; echo b > b; sleep 1000`;
    await using session = await startSession(world, script, "--rollback");
    const daemon = await pidOfDaemon(world);
    session.nono.kill("SIGSTOP");
    const asked = await world.nono("stop", session.id, "--timeout", "1");
    expect(asked).toMatchObject({ code: 1 });
    expect(asked.stderr).toContain("does not answer");
    expect(isAlive(daemon)).toBe(true);
    const forced = await world.nono("stop", session.id, "--force", "--timeout", "20");
    expect(forced).toMatchObject({ code: 0 });
    expect(forced.stderr).toContain("it was taken now");
    expect(isAlive(daemon)).toBe(false);
    expect(await json(world, "ps", "--all")).toMatchObject([{ state: "interrupted" }]);
    await world.nono("rollback", "restore", session.id, "--all", "--yes");
    expect(fs.existsSync(world.at("project/b"))).toBe(false);
  });

  it("does not guess between two, and ends neither", async () => {
    await using world = await makeWorld();
    await using one = await startSession(world, "sleep 1000");
    await using other = await startSession(world, "sleep 1000");
    let length = 0;
    while (one.id[length] === other.id[length]) length++;
    const unclear = await world.nono("stop", one.id.slice(0, length));
    expect(unclear).toMatchObject({ code: 1, stdout: "" });
    for (const { id } of [one, other]) expect(unclear.stderr).toContain(id);
    expect(await json(world, "ps")).toHaveLength(2);
    expect(await world.nono("stop", one.id.slice(0, length + 1))).toMatchObject({ code: 0 });
    expect(await json(world, "ps")).toMatchObject([{ session_id: other.id }]);
  });

  it("knows a session that is over from one that never was", async () => {
    await using world = await makeWorld();
    await world.nono("run", "-s", "--name", "web", "--", "true");
    expect((await world.nono("stop", "web")).stderr).toMatch(/^nono: \S+ does not run: it has ended\n$/);
    expect((await world.nono("stop", "wob")).stderr).toBe("nono: no session wob: see nono ps --all\n");
    expect(await world.nono("stop")).toMatchObject({ code: 2 });
  });

  itWhere(namespaces, "namespaces of our own")(
    "ends one that counts its processes elsewhere, as a container does",
    async () => {
      await using world = await makeWorld();
      const start = () => {
        const words = ["-pf", "--mount-proc", NONO, "run", "--allow-cwd", "--name", "far", "--", "sh", "-c"];
        const unshared = spawn("unshare", [...words, ": > up; sleep 1000"], {
          cwd: world.project,
          env: world.env,
        });
        return { unshared, ended: once(unshared, "exit") };
      };
      const first = start();
      await until(() => fs.existsSync(world.at("project/up")));
      expect(await json(world, "ps")).toMatchObject([{ name: "far", state: "running" }]);
      expect(await world.nono("stop", "far")).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/has ended: SIGTERM/),
      });
      await first.ended;
      fs.rmSync(world.at("project/up"));

      const second = start();
      await until(() => fs.existsSync(world.at("project/up")));
      const [nono = 0] = childrenOf(second.unshared.pid ?? 0);
      process.kill(nono, "SIGKILL");
      await second.ended;
      expect(await json(world, "ps")).toEqual([]);
      expect(await json(world, "ps", "--all")).toMatchObject([{ state: "interrupted" }, { state: "ended" }]);
    },
  );

  itWhere(hasTmux, "tmux")(
    "ends a session that waits for an answer, and leaves its terminal in order",
    async () => {
      await using world = await makeWorld(OUTSIDE);
      await using tmux = openSupervised(world, ["--name", "asks"], reader(world, "a"));
      await ready(tmux);
      tmux.press("Enter");
      await tmux.shows("may cat read this");
      expect(await world.nono("stop", "asks")).toMatchObject({ code: 0 });
      await tmux.shows(/^exit 143$/m);
      expect(tmux.lines().join("\n")).not.toContain("may cat read this");
    },
  );
});
