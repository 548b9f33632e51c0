// Snapshots that another terminal asks a running session for.

import type { ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const FILES = { "project/a.txt": "a\n" };

/** A session that has written `began`, and goes on when there is a file `go`. */
async function startSession(world: World, name: string, ...options: string[]): Promise<ChildProcess> {
  const script = `echo ${name} > a.txt; echo > began-${name}; while [ ! -e go ]; do sleep 0.05; done; echo end > a.txt`;
  const args = ["run", "--name", name, ...options, "--allow-cwd", "--", "sh", "-c", script];
  const nono = world.start(...args);
  await until(() => fs.existsSync(world.at(`project/began-${name}`)));
  return nono;
}

async function end(world: World, ...sessions: readonly ChildProcess[]): Promise<void> {
  const ended = sessions.map((one) => new Promise((resolve) => one.once("close", resolve)));
  fs.writeFileSync(world.at("project/go"), "");
  await Promise.all(ended);
}

describe("nono rollback checkpoint", () => {
  it("takes a snapshot of the session that runs, which can be gone back to", async () => {
    await using world = await makeWorld(FILES);
    const session = await startSession(world, "one", "--rollback");
    const { stdout, code } = await world.nono("rollback", "checkpoint");
    expect({ stdout, code }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[\d-]+: snapshot 1: 2 paths changed since snapshot 0\n$/),
    });
    const again = await world.nono("rollback", "checkpoint", "one", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ snapshot: 2, changed: 0 });
    await end(world, session);
    const [{ snapshots }] = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    expect(snapshots.map(({ kind }: { kind: string }) => kind)).toEqual([
      "baseline",
      "checkpoint",
      "checkpoint",
      "final",
    ]);
    const { stdout: lines } = await world.nono("rollback", "show", "--snapshots");
    expect(lines.replaceAll(/\d{4}-\S+ \S+ UTC, /g, "")).toMatch(
      /^0 {2}before it began: .*\n1 {2}while it ran: .*\n2 {2}while it ran: .*\n3 {2}when it had ended: .*\n$/,
    );
    const since = await world.nono("rollback", "show", "--snapshot", "1", "--diff");
    expect(since.stdout).toMatch(/a\.txt\n@@ -1 \+1 @@\n-one\n\+end\nA /);
    expect(await world.nono("rollback", "show", "--snapshot", "9")).toMatchObject({ code: 1, stdout: "" });
    await world.nono("rollback", "restore", "--snapshot", "1", "--all", "--yes");
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("one\n");
  });

  it("wants to know which, and says why there is none", async () => {
    await using world = await makeWorld(FILES);
    const refusal = async (...args: string[]) => {
      const { stderr, code } = await world.nono("rollback", "checkpoint", ...args);
      expect(code).toBe(1);
      return stderr.replace(/\s+/g, " ");
    };
    expect(await refusal()).toContain("no session runs that keeps snapshots");
    const sessions = [await startSession(world, "one", "--rollback")];
    sessions.push(await startSession(world, "two", "--rollback"), await startSession(world, "three"));
    expect(await refusal()).toMatch(/several sessions run that keep snapshots: \d{8}-\S+, \d{8}-\S+/);
    expect(await refusal("2")).toContain("2 begins the ids of several sessions");
    expect(await refusal("three")).toContain("was started without --rollback");
    expect(await refusal("four")).toContain("no session four runs");
    expect(await refusal("")).toContain("the id of the session is empty");
    expect(await world.nono("rollback", "checkpoint", "two")).toMatchObject({ code: 0 });
    await end(world, ...sessions);
    expect(await refusal("two")).toContain("no session two runs");
  });

  it("of a session that runs is no restore of it: that is refused, and that of another one warns", async () => {
    await using world = await makeWorld(FILES);
    await world.nono("run", "--rollback", "--allow-cwd", "--", "sh", "-c", "echo x > b.txt");
    const running = await startSession(world, "one", "--rollback");
    const [one, before] = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    const restore = (id: string) => world.nono("rollback", "restore", id, "--all", "--yes");
    expect(await restore(one.session_id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("in use"),
    });
    expect(await restore(before.session_id)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`session ${one.session_id} runs, and may write in the same places`),
    });
    expect(fs.existsSync(world.at("project/b.txt"))).toBe(false);
    await end(world, running);
  });

  it("does not tell whose a change is: sessions that overlap name each other, and no others", async () => {
    await using world = await makeWorld({ ...FILES, "elsewhere/": "" });
    await world.nono("run", "--rollback", "--allow-cwd", "--", "sh", "-c", "echo x > b.txt");
    const elsewhere = ["--workdir", world.at("elsewhere"), "--rollback", "--allow-cwd"];
    const sessions = [await startSession(world, "one", "--rollback")];
    await world.nono("run", ...elsewhere, "--", "sh", "-c", "echo x > c.txt");
    const second = await world.nono("run", "--rollback", "--allow-cwd", "--", "sh", "-c", "echo x > d.txt");
    await end(world, ...sessions);
    const ids = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    const [two, other, one, before] = ids.map((session: { session_id: string }) => session.session_id);
    expect(second.stderr).toContain(`session ${one} worked in the same place meanwhile`);
    const shown = await world.nono("rollback", "show", one);
    expect(shown.stdout).toContain("d.txt");
    expect(shown.stderr).toContain(
      `session ${two} worked in the same place meanwhile: its changes are among`,
    );
    const overlaps = async (id: string) =>
      JSON.parse((await world.nono("rollback", "show", id, "--json")).stdout).overlaps;
    expect([await overlaps(one), await overlaps(two)]).toEqual([[two], [one]]);
    expect([await overlaps(other), await overlaps(before)]).toEqual([[], []]);
    const restored = await world.nono("rollback", "restore", one, "--all", "--yes");
    expect(restored.stderr).toContain(`session ${two} worked in the same place`);
    expect(fs.existsSync(world.at("project/d.txt"))).toBe(false);
  });

  it("cannot be asked for by the session itself", async () => {
    await using world = await makeWorld(FILES);
    const ask = `unset NONO_CAP_FILE; ${NONO} rollback checkpoint; ${NONO} rollback restore --all --yes`;
    const options = ["--rollback", "--allow-cwd", "--read", path.dirname(NONO)];
    const { stderr } = await world.nono("run", ...options, "--", "sh", "-c", `echo x > a.txt; ${ask}`);
    const said = stderr.replace(/\s+/g, " ");
    expect(said).toContain("nono/snapshots cannot hold snapshots: EACCES");
    expect(said).toContain(".local/state/nono cannot be read: EACCES");
    expect(world.read("project/a.txt")).toBe("x\n");
    const [{ snapshots }] = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    expect(snapshots).toHaveLength(2);
  });
});
