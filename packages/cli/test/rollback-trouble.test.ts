// Snapshots where something is wrong: full disks, files that cannot be read, trees that are gone, damaged sessions, killed
// ones. Clear words, and nothing is lost.

import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { itAsRoot, itAsUser, itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, type Outcome, until, type World } from "./support/world.ts";

/** Root's, on most file systems. */
const immutable = (() => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "nono-fixed-")), "file");
  fs.writeFileSync(file, "");
  const can = ["+i", "-i"].every((change) => spawnSync("chattr", [change, file]).status === 0);
  fs.rmSync(path.dirname(file), { recursive: true });
  return can;
})();

const FILES = { "project/a.txt": "a\n", "project/d/c": "c\n" };
const STATE = "home/.local/state/nono";

function session(world: World, script: string, ...options: string[]) {
  return world.nono("run", "--rollback", ...options, "--allow-cwd", "--", "sh", "-c", script);
}

const restoreAll = (world: World, ...more: string[]) =>
  world.nono("rollback", "restore", "--all", "--yes", ...more);

const said = ({ stderr }: Outcome) => stderr.replace(/\s+/g, " ");

async function listed(world: World) {
  return JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
}

/** A session that wrote `x` into a.txt and whose nono was killed. */
async function killedSession(world: World): Promise<void> {
  const script = "echo x > a.txt; sleep 60";
  const nono = world.start("run", "--rollback", "--allow-cwd", "--", "sh", "-c", script);
  await until(() => world.read("project/a.txt") === "x\n");
  nono.kill("SIGKILL");
  await new Promise((resolve) => nono.once("close", resolve));
}

describe("a store on a full disk", () => {
  const size = (world: World, bytes: string) =>
    execFileSync("mount", ["-o", `remount,size=${bytes}`, world.at(STATE)]);

  async function onSmallDisk(test: (world: World) => Promise<void>): Promise<void> {
    await using world = await makeWorld({ ...FILES, [`${STATE}/`]: "", "outside/": "" });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", world.at(STATE)]);
    try {
      await test(world);
    } finally {
      execFileSync("umount", [world.at(STATE)]);
    }
  }

  /** What does not get smaller. */
  const noise = (length: number) => randomBytes(length);

  itAsRoot("keeps a run from starting", () =>
    onSmallDisk(async (world) => {
      fs.writeFileSync(world.at("project/big"), noise(4_000_000));
      const outcome = await session(world, "echo x > a.txt");
      expect(outcome.code).toBe(1);
      expect(said(outcome)).toMatch(/cannot hold the snapshot .*ENOSPC.*nothing was started/);
      expect(world.read("project/a.txt")).toBe("a\n");
      size(world, "20m");
      expect(await listed(world)).toEqual([]);
      expect(await session(world, "echo x > a.txt")).toMatchObject({ code: 0 });
    }),
  );

  itAsRoot(
    "at the end of a run costs nothing that was there: what is missing is taken by the next command",
    () =>
      onSmallDisk(async (world) => {
        fs.writeFileSync(world.at("outside/noise"), noise(4_000_000));
        const outcome = await session(
          world,
          `cat ${world.at("outside/noise")} > big; echo x > a.txt`,
          "--read",
          world.at("outside"),
        );
        expect(outcome.code).toBe(0);
        expect(said(outcome)).toMatch(/the state at the end was not kept \(.*ENOSPC/);
        expect((await world.nono("rollback", "list")).stderr).toMatch(/ENOSPC/);
        size(world, "20m");
        expect((await world.nono("rollback", "list")).stderr).toContain("it was taken now");
        expect(await restoreAll(world)).toMatchObject({ code: 0 });
        expect(fs.readdirSync(world.project).sort()).toEqual(["a.txt", "d"]);
        expect(world.read("project/a.txt")).toBe("a\n");
      }),
  );
});

describe("what cannot be captured", () => {
  itAsUser("is named, when it may not be read, and the rest is captured", async () => {
    await using world = await makeWorld({ ...FILES, "project/secret": "s\n" });
    fs.chmodSync(world.at("project/secret"), 0);
    const outcome = await session(world, "echo x > a.txt; rm -f d/c", "--allow-command", "rm");
    expect(outcome.code).toBe(0);
    expect(said(outcome)).toContain(`not captured: ${world.at("project/secret")} (EACCES)`);
    expect((await world.nono("rollback", "show")).stderr).toContain("project/secret (EACCES)");
    expect(await restoreAll(world)).toMatchObject({ code: 0 });
    expect([world.read("project/a.txt"), world.read("project/d/c")]).toEqual(["a\n", "c\n"]);
    expect(fs.existsSync(world.at("project/secret"))).toBe(true);
  });

  it("holds nothing up, when it is a pipe, and stays where it is", async () => {
    await using world = await makeWorld(FILES);
    execFileSync("mkfifo", [world.at("project/pipe")]);
    const outcome = await session(world, "echo x > a.txt; mkfifo pipe2");
    expect(said(outcome)).toContain(`not captured: ${world.at("project/pipe")} (neither file`);
    await restoreAll(world);
    expect(fs.lstatSync(world.at("project/pipe")).isFIFO()).toBe(true);
    expect(world.read("project/a.txt")).toBe("a\n");
  });
});

describe("a file that root's agent gave away", () => {
  itAsRoot("is listed, and belongs to its owner again", async () => {
    await using world = await makeWorld(FILES);
    const outcome = await session(world, "chown 1000:1001 a.txt", "--allow-command", "chown");
    expect(said(outcome)).toContain("1 with another mode or owner");
    expect((await world.nono("rollback", "show")).stdout).toContain("m   a.txt (owner 0:0 -> 1000:1001)");
    const diff = (await world.nono("rollback", "show", "--diff")).stdout;
    expect(diff).toContain("owner 0:0 -> 1000:1001");
    expect(await restoreAll(world)).toMatchObject({ code: 0 });
    const { uid, gid } = fs.statSync(world.at("project/a.txt"));
    expect([uid, gid]).toEqual([0, 0]);
  });
});

describe("a file that nobody may change", () => {
  itWhere(immutable, "immutable files")(
    "is said to stay as it is, and keeps no other from being restored",
    async () => {
      await using world = await makeWorld({ ...FILES, "project/fixed": "f\n" });
      await session(world, "echo x | tee a.txt d/c fixed > made");
      const flags = (change: string) =>
        execFileSync("chattr", [change, world.at("project/fixed"), world.at("project/made")]);
      flags("+i");
      try {
        const stopped = await restoreAll(world);
        expect([stopped.code, said(stopped)]).toEqual([
          1,
          expect.stringContaining("fixed: the system does not let it"),
        ]);
        expect(said(stopped)).toContain("made: the system does not let it be changed");
        expect(["a.txt", "d/c", "fixed"].map((name) => world.read(`project/${name}`))).toEqual([
          "a\n",
          "c\n",
          "x\n",
        ]);
      } finally {
        flags("-i");
      }
      expect(await restoreAll(world)).toMatchObject({ code: 0 });
      expect([world.read("project/fixed"), fs.existsSync(world.at("project/made"))]).toEqual(["f\n", false]);
    },
  );
});

describe("a tree that is gone", () => {
  it("is the person's own doing, and comes back when it is forced", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    fs.renameSync(world.project, world.at("moved"));
    const restore = (...more: string[]) =>
      world.nonoWith({ cwd: world.home }, "rollback", "restore", "--all", "--yes", ...more);
    expect(said(await restore())).toMatch(/a\.txt: removed since the session ended.*nothing was restored/);
    expect(await restore("--force")).toMatchObject({ code: 0 });
    expect([world.read("project/a.txt"), world.read("project/d/c")]).toEqual(["a\n", "c\n"]);
    expect(fs.readFileSync(world.at("moved/a.txt"), "utf8")).toBe("x\n");
  });

  it("comes back, when it went while the session ran", async () => {
    await using world = await makeWorld({ ...FILES, "work/a": "a\n", "work/d/b": "b\n" });
    const gone = `echo x > ${world.at("work/a")}; echo > began; until [ -e go ]; do sleep 0.05; done`;
    const args = ["run", "--rollback", "--allow-cwd", "--allow", world.at("work"), "--", "sh", "-c", gone];
    const nono = world.start(...args);
    const ended = new Promise((resolve) => nono.once("close", resolve));
    await until(() => fs.existsSync(world.at("project/began")));
    fs.rmSync(world.at("work"), { recursive: true });
    fs.writeFileSync(world.at("project/go"), "");
    expect(await ended).toBe(0);
    const [{ changes }] = await listed(world);
    expect(changes).toMatchObject({ added: 2, deleted: 4 });
    expect(await restoreAll(world)).toMatchObject({ code: 0 });
    expect([world.read("work/a"), world.read("work/d/b")]).toEqual(["a\n", "b\n"]);
  });

  it("does not come back where there is no place for it, and nothing is made above it", async () => {
    await using world = await makeWorld({ "project/": "", "home/x/y/a": "a\n" });
    const inner = world.at("home/x/y");
    await world.nonoWith({ cwd: inner }, "run", "--rollback", "--allow-cwd", "--", "sh", "-c", "echo x > a");
    fs.rmSync(world.at("home/x"), { recursive: true });
    const outcome = await restoreAll(world, "--force");
    expect(outcome.code).toBe(1);
    expect(said(outcome)).toMatch(/a directory on the way to it is not there.*nothing was restored/);
    expect(fs.existsSync(world.at("home/x"))).toBe(false);
    fs.mkdirSync(world.at("home/x"));
    expect(await restoreAll(world, "--force")).toMatchObject({ code: 0 });
    expect(world.read("home/x/y/a")).toBe("a\n");
  });
});

describe("a session that is damaged", () => {
  it("hides no other, and can be removed", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await session(world, "echo y > a.txt");
    const sessions = world.at(`${STATE}/snapshots/sessions`);
    const [damaged = "", other = ""] = fs.readdirSync(sessions).sort();
    const file = `${sessions}/${damaged}/snapshot-1.json`;
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, "{");
    expect(await listed(world)).toMatchObject([
      { session_id: other, state: "ended" },
      { session_id: damaged, state: "damaged", problem: expect.stringContaining("snapshot-1.json") },
    ]);
    const { stdout, stderr } = await world.nono("rollback", "list");
    expect(stdout).toContain(`${damaged}  DAMAGED`);
    expect(stderr).toBe("");
    expect(await world.nono("rollback", "verify", damaged)).toMatchObject({ code: 1 });
    const kept = await world.nono("rollback", "cleanup", "--keep", "2");
    expect(kept.code).toBe(1);
    expect(said(kept)).toMatch(/snapshot-1\.json is damaged.*nothing was removed/);
    expect(await world.nono("rollback", "cleanup", "--keep", "1")).toMatchObject({ code: 0 });
    expect(await listed(world)).toMatchObject([{ session_id: other }]);
    expect(await world.nono("rollback", "verify", other)).toMatchObject({ code: 0 });
  });
});

describe("a session whose nono was killed", () => {
  it.each([["run"], ["wrap"]])(
    "gets its final state before a %s without snapshots begins",
    async (command) => {
      await using world = await makeWorld(FILES);
      await killedSession(world);
      const outcome = await world.nono(command, "--allow-cwd", "--", "sh", "-c", "echo later > a.txt");
      expect(said(outcome)).toMatch(/ended without its last snapshot: it was taken now, as snapshot 1/);
      expect(await listed(world)).toMatchObject([{ state: "recovered", changes: { modified: 1 } }]);
      const again = await world.nono(command, "--allow-cwd", "--", "true");
      expect(said(again)).not.toContain("last snapshot");
      const restored = await restoreAll(world);
      expect(said(restored)).toContain("a.txt: changed since the session ended");
      expect(world.read("project/a.txt")).toBe("later\n");
    },
  );

  it.each([["learn"], ["ps"], ["inspect"], ["logs"], ["prune"], ["audit list"], ["audit show"]])(
    "gets its final state before nono %s does anything",
    async (words) => {
      await using world = await makeWorld(FILES);
      await killedSession(world);
      const command = words === "learn" ? ["--allow-cwd", "--", "sh", "-c", "echo later > a.txt"] : [];
      const outcome = await world.nono(...words.split(" "), ...command);
      expect(outcome.code).toBe(0);
      expect(said(outcome)).toMatch(/ended without its last snapshot: it was taken now, as snapshot 1/);
      const shown = JSON.parse((await world.nono("rollback", "show", "--json")).stdout);
      expect(shown.changed).toMatchObject([{ path: world.at("project/a.txt"), after: { size: 2 } }]);
    },
  );
});
