// The record and the snapshots of a session are one: what is told of a file, and that a change nobody allowed shows.

import { once } from "node:events";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const ARGS = ["--silent", "run", "--allow-cwd", "--guard", "--rollback", "--"];
const started = (world: World, script: string) => world.nono(...ARGS, "sh", "-c", script);

async function shown(world: World, path: string) {
  return JSON.parse((await world.nono("audit", "show", "--json", "--path", path)).stdout);
}

describe("nono audit show --path", () => {
  it("tells when a file changed, what let it, and which commands named it", async () => {
    await using world = await makeWorld({ "project/src/a": "one\n" });
    await started(world, "cp src/a src/b; cd src; touch ../other; tee -a b < a > /dev/null");
    const told = await shown(world, "src/b");
    expect(told).toMatchObject({ path: `${world.project}/src/b` });
    expect(told.changes).toMatchObject([
      {
        kind: "added",
        snapshot: 1,
        explained_by: [{ by: "grant", path: world.project, access: "read+write" }],
      },
    ]);
    const [{ commands, executed }] = told.changes;
    expect(commands.map(({ command }: { command: string[] }) => command.join(" "))).toEqual([
      "cp src/a src/b",
      "tee -a b",
    ]);
    expect(executed).toBeGreaterThan(commands.length);
    const { stdout } = await world.nono("audit", "show", "--path", "src/b");
    expect(stdout).toMatch(/snapshot 1: added\n +let by +read\+write .*\n +named by +cp src\/a src\/b/);
    expect((await shown(world, "src")).changes.map(({ path }: { path: string }) => path)).toContain(
      `${world.project}/src/b`,
    );
  });

  it("tells what was refused of it, and that it did not change", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    await started(world, "cat ~/.ssh/id");
    const told = await shown(world, world.at("home/.ssh/id"));
    expect(told.changes).toEqual([]);
    expect(told.events).toContainEqual(expect.objectContaining({ kind: "denied", operation: "open" }));
    expect((await world.nono("audit", "show", "--path", "/nowhere")).stdout).toContain("in no snapshot");
  });
});

describe("a change that no granted write explains", () => {
  it("is found when the record is verified", async () => {
    await using world = await makeWorld({
      "project/.git/hooks/": "",
      "project/.git/HEAD": "ref: refs/heads/main\n",
    });
    await started(world, "echo granted > file; echo no > .git/hooks/pre-commit");
    expect(await world.nono("audit", "verify")).toMatchObject({ code: 0 });

    // Somebody outside of the sandbox, while it runs.
    const child = world.start(...ARGS, "sh", "-c", "touch ready; while [ ! -e go ]; do sleep 0.1; done");
    await until(() => fs.existsSync(`${world.project}/ready`));
    fs.writeFileSync(`${world.project}/.git/hooks/pre-commit`, "#!/bin/sh\n");
    fs.writeFileSync(`${world.project}/go`, "");
    await once(child, "exit");
    const { code, stdout } = await world.nono("audit", "verify");
    expect([code, stdout.replaceAll(/\s+/g, " ")]).toEqual([
      1,
      expect.stringMatching(
        /changed \S+\/\.git\/hooks\/pre-commit by snapshot 1, which no granted write explains/,
      ),
    ]);
  });
});

describe("nono that is killed at any moment", () => {
  it("leaves a record that verifies up to then, and shows as interrupted", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const sessions = world.at("home/.local/state/nono/audit/sessions");
    const logs = () =>
      fs.existsSync(sessions) ? fs.readdirSync(sessions).filter((name) => name.endsWith(".jsonl")) : [];
    const lines = (name: string) => fs.readFileSync(`${sessions}/${name}`, "utf8").split("\n").length - 1;
    const script = "while :; do cat ~/.ssh/id; /usr/bin/true; done 2> /dev/null";
    let begun = 0;
    // Some while it starts, some when so many lines are there.
    for (const point of [0, 10, 20, 30, 40, -1, -3, -5, -10, -30, -60]) {
      const before = new Set(logs());
      const child = world.start("--silent", "run", "--allow-cwd", "--", "sh", "-c", script);
      const own = () => logs().find((name) => !before.has(name));
      if (point >= 0) await new Promise((resolve) => setTimeout(resolve, point));
      else
        await until(() => {
          const name = own();
          return name !== undefined && lines(name) >= -point;
        });
      child.kill("SIGKILL");
      await once(child, "exit");
      if (own() !== undefined) begun += 1;
    }
    expect(begun).toBeGreaterThanOrEqual(6);
    expect(await world.nono("--silent", "run", "--allow-cwd", "--", "true")).toMatchObject({ code: 0 });
    const {
      valid,
      problems,
      sessions: verified,
    } = JSON.parse((await world.nono("audit", "verify", "--all", "--json")).stdout);
    expect([valid, problems]).toEqual([true, []]);
    const states = verified.map(({ state }: { state: string }) => state);
    expect(states[0]).toBe("ended");
    expect(states.slice(1).every((state: string) => state === "interrupted")).toBe(true);
    expect(states.length).toBeGreaterThan(begun);
  }, 120_000);
});

describe("nono that cannot write any more", () => {
  it("says that the record is incomplete, which verifies as far as it goes, and the next session records on", async () => {
    await using world = await makeWorld();
    const script = `x=$(printf %02000d 1); i=0; while [ $i -lt 200 ]; do /usr/bin/true $x; i=$((i+1)); done; echo went on`;
    // A file may have 200 KiB; without the signal that tells so, as on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" run --allow-cwd -- sh -c '${script}'`;
    const { stdout, stderr } = await world.bare("bash", "-c", limited, NONO);
    expect(stdout).toBe("went on\n");
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/the record of this session is incomplete: .*EFBIG/);
    await world.nono("--silent", "run", "--allow-cwd", "--", "true");
    const { valid, sessions } = JSON.parse((await world.nono("audit", "verify", "--all", "--json")).stdout);
    expect(valid).toBe(true);
    expect(sessions.map(({ state }: { state: string }) => state)).toEqual(["ended", "interrupted"]);
    expect((await world.nono("audit", "list")).stdout.replaceAll(/\s+/g, " ")).toContain("could not record");
  });
});
