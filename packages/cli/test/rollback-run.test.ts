// What --rollback and the options around it mean for a run.

import fs from "node:fs";
import { DEFAULT_EXCLUDES } from "nono-ts";
import { describe, expect, it } from "vitest";
import { makeWorld, until, type World } from "./support/world.ts";

const FILES = {
  "project/a.txt": "a\n",
  "project/node_modules/x/i.js": "1\n",
  "project/big.bin": "b".repeat(5000),
};

function run(world: World, options: readonly string[], script: string) {
  return world.nono("run", ...options, "--allow-cwd", "--", "sh", "-c", script);
}

async function changed(world: World): Promise<readonly string[]> {
  const { stdout } = await world.nono("rollback", "show", "--json");
  return JSON.parse(stdout).changed.map(({ path }: { path: string }) => path.slice(world.project.length + 1));
}

const EDIT_ALL = "echo x >> a.txt; echo x >> node_modules/x/i.js; echo x >> big.bin";

describe("what snapshots leave out", () => {
  it.each([
    ["dependencies, by themselves", [], ["a.txt", "big.bin"]],
    ["what is excluded", ["--rollback-exclude", "*.bin"], ["a.txt"]],
    [
      "no more than that, where something is included",
      ["--rollback-include", "node_modules/x"],
      ["a.txt", "big.bin", "node_modules/x/i.js"],
    ],
    ["nothing at all", ["--rollback-all"], ["a.txt", "big.bin", "node_modules/x/i.js"]],
  ])("is %s", async (_, options, expected) => {
    await using world = await makeWorld(FILES);
    expect(await run(world, ["--rollback", ...options], EDIT_ALL)).toMatchObject({ code: 0 });
    expect(await changed(world)).toEqual(expected);
  });

  it("is, by itself, what the guide lists", () => {
    const guide = fs.readFileSync(new URL("../../../docs/rollback.md", import.meta.url), "utf8");
    for (const pattern of DEFAULT_EXCLUDES) expect(guide).toContain(`\`${pattern.replace(/\/$/, "")}\``);
  });

  it("is what a profile says, and it can ask for snapshots by itself", async () => {
    const rollback = { enabled: true, exclude: ["a.*"], include: ["node_modules/"] };
    const profile = JSON.stringify({ extends: "default", rollback });
    await using world = await makeWorld({ ...FILES, "home/.config/nono/profiles/mine.json": profile });
    await run(world, ["--profile", "mine"], EDIT_ALL);
    expect(await changed(world)).toEqual(["big.bin", "node_modules/x/i.js"]);
    await run(world, ["--profile", "mine", "--no-rollback"], EDIT_ALL);
    expect(JSON.parse((await world.nono("rollback", "list", "--json")).stdout)).toHaveLength(1);
  });
});

describe("a profile", () => {
  const withRollback = (rollback: Readonly<Record<string, unknown>>) =>
    makeWorld({
      ...FILES,
      "home/.config/nono/profiles/mine.json": JSON.stringify({
        rollback: { enabled: true, ...rollback },
      }),
    });

  it("can say that nothing is left out, and an option takes that back for a pattern", async () => {
    await using world = await withRollback({ everything: true, include: ["a.*"] });
    await run(world, ["--profile", "mine"], EDIT_ALL);
    expect(await changed(world)).toEqual(["a.txt", "big.bin", "node_modules/x/i.js"]);
    await run(world, ["--profile", "mine", "--rollback-exclude", "a.*"], EDIT_ALL);
    expect(await changed(world)).toEqual(["big.bin", "node_modules/x/i.js"]);
  });

  it.each([
    ["max_files", 2, "2 names"],
    ["max_size", "1KB", "1.0 KB"],
  ])("can say what is too much: %s", async (key, most, words) => {
    await using world = await withRollback({ [key]: most });
    const { code, stderr } = await run(world, ["--profile", "mine"], "echo x > a.txt");
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain(`more than the ${words} that snapshots may keep`);
  });

  it("can have snapshots taken in between", async () => {
    await using world = await withRollback({ every_changes: 1 });
    const script = "echo 1 > b; while [ ! -e go ]; do sleep 0.05; done";
    const nono = world.start("run", "--profile", "mine", "--allow-cwd", "--", "sh", "-c", script);
    const snapshots = world.at("home/.local/state/nono/snapshots/sessions");
    await until(
      () =>
        fs.existsSync(snapshots) &&
        fs.readdirSync(snapshots).some((id) => fs.existsSync(`${snapshots}/${id}/snapshot-1.json`)),
    );
    fs.writeFileSync(world.at("project/go"), "");
    await new Promise((resolve) => nono.once("close", resolve));
    const [session] = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    expect(session.snapshots[1]).toMatchObject({ kind: "checkpoint" });
  });

  it("with a pattern or a key that there is not is refused", async () => {
    for (const rollback of [{ exclude: [""] }, { exlude: ["x"] }, { max_size: "much" }]) {
      await using world = await withRollback(rollback);
      const { code, stderr } = await run(world, ["--profile", "mine"], "echo x > a.txt");
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("mine.json") });
      expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("a\n");
    }
  });
});

describe("a run that would keep too much", () => {
  it.each([
    [["--rollback-max-files", "2"], "2 names", "--rollback-max-files NUMBER"],
    [["--rollback-max-size", "1KB"], "1.0 KB", "--rollback-max-size SIZE"],
  ])("does not start, and says what can be done: %s", async (options, limit, option) => {
    await using world = await makeWorld(FILES);
    const { code, stderr } = await run(world, ["--rollback", ...options], "echo x > a.txt");
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain(`more than the ${limit} that snapshots may keep`);
    expect(stderr).toContain(option);
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("a\n");
    expect(JSON.parse((await world.nono("rollback", "list", "--json")).stdout)).toEqual([]);
  });
});

describe("options without what they need", () => {
  it("are refused: nobody must believe in snapshots that there are not", async () => {
    await using world = await makeWorld(FILES);
    const { code, stderr } = await run(world, ["--rollback-exclude", "x"], "true");
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("says nothing without --rollback"),
    });
    for (const args of [["--rollback"], ["--profile", "mine"]]) {
      fs.mkdirSync(world.at("home/.config/nono/profiles"), { recursive: true });
      fs.writeFileSync(
        world.at("home/.config/nono/profiles/mine.json"),
        '{ "rollback": { "enabled": true } }',
      );
      const wrapped = await world.nono("wrap", ...args, "--", "true");
      expect(wrapped).toMatchObject({ code: 1, stderr: expect.stringContaining("nono run") });
    }
    expect(await world.nono("wrap", "--profile", "mine", "--no-rollback", "--", "true")).toMatchObject({
      code: 0,
    });
  });
});

describe("--rollback-every-changes", () => {
  it("takes a snapshot in between, once so much has changed", async () => {
    await using world = await makeWorld(FILES);
    const nono = world.start(
      "run",
      "--rollback",
      "--rollback-every-changes",
      "2",
      "--allow-cwd",
      "--",
      "sh",
      "-c",
      "echo 1 > b; echo 1 > c; while [ ! -e go ]; do sleep 0.05; done; rm b c",
    );
    const snapshots = world.at("home/.local/state/nono/snapshots/sessions");
    await until(
      () =>
        fs.existsSync(snapshots) &&
        fs.readdirSync(snapshots).some((id) => fs.existsSync(`${snapshots}/${id}/snapshot-1.json`)),
    );
    fs.writeFileSync(world.at("project/go"), "");
    await new Promise((resolve) => nono.once("close", resolve));
    const [session] = JSON.parse((await world.nono("rollback", "list", "--json")).stdout);
    expect(session.snapshots.map(({ kind }: { kind: string }) => kind)).toEqual([
      "baseline",
      "checkpoint",
      "final",
    ]);
    expect(await world.nono("rollback", "restore", "--snapshot", "1", "--all", "--yes")).toMatchObject({
      code: 0,
    });
    expect(fs.readFileSync(world.at("project/c"), "utf8")).toBe("1\n");
  });
});
