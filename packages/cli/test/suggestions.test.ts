// What nono suggests, nono takes; and it opens what it was suggested for.

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorld, type World } from "./support/world.ts";

const FILES = {
  "home/.config/nono/profiles/mine.json": "{}",
  "home/.local/state/nono/sessions/": "",
  "home/.ssh/id": "key",
  "home/notes/a": "a",
  "home/file": "f",
};

async function suggested(world: World, file: string, op: string): Promise<string | null> {
  const { stdout } = await world.nono("why", "--json", "--path", file, "--op", op);
  return JSON.parse(stdout).change;
}

describe("a suggested option", () => {
  it.each([
    ["home", "read"],
    ["home", "write"],
    ["home/missing", "write"],
    ["home/missing", "read"],
    ["home/.config", "read"],
    ["home/.config/nono", "read"],
    ["home/.config/nono/profiles/mine.json", "write"],
    ["home/.config/nono/profiles/mine.json", "read"],
    ["home/.local/state/nono/sessions", "readwrite"],
  ])("is not offered for %s (%s): no option can", async (name, op) => {
    await using world = await makeWorld(FILES);
    expect(await suggested(world, world.at(name), op)).toBe(null);
    const answer = await world.nono("why", "--path", world.at(name), "--op", op);
    expect(answer.stdout).toContain("to allow  no option can");
    expect(answer.stdout).toMatch(/none may: it would reach nono's own|nono denies /);
    // Control: the option that would have to be it is refused.
    const directory = path.dirname(world.at(name, "x"));
    const run = await world.nono("run", op === "read" ? "--read" : "--allow", directory, "--", "true");
    expect(run.code, run.stderr).not.toBe(fs.existsSync(directory) ? 0 : -1);
  });

  it("is not offered for all of the file system, nor for home's own directory", async () => {
    await using world = await makeWorld(FILES);
    for (const directory of ["/", path.dirname(world.home)])
      expect(await suggested(world, directory, "read")).toBe(null);
    expect((await world.nono("run", "--read", "/", "--", "true")).stderr).toContain("which no grant may");
  });

  it.each([
    ["home/file", "read", "--read-file"],
    ["home/file", "readwrite", "--allow-file"],
    ["home/notes", "read", "--read"],
    ["home/notes/missing", "write", "--write"],
    ["home/.ssh/id", "read", "--bypass-protection"],
  ])("for %s (%s) is taken, and enough", async (name, op, option) => {
    await using world = await makeWorld(FILES);
    const change = await suggested(world, world.at(name), op);
    expect(change).toMatch(new RegExp(`^${option} `));
    const options = change?.split(" ") ?? [];
    const use = op === "read" ? 'test -d "$0" && ls "$0" || cat "$0"' : 'echo x >> "$0"';
    const run = ["run", "-s", ...options, "--", "sh", "-c", use, world.at(name)];
    expect(await world.nono(...run)).toMatchObject({ code: 0, stderr: "" });
    expect((await world.nono("run", "-s", "--", "sh", "-c", use, world.at(name))).code).not.toBe(0);
  });

  it("lifts every denial that is around a path", async () => {
    await using world = await makeWorld({
      ...FILES,
      "home/.config/nono/profiles/strict.json": '{ "filesystem": { "deny": ["~/.ssh/id"] } }',
    });
    const key = world.at("home/.ssh/id");
    const why = await world.nono("why", "-p", "strict", "--json", "--path", key, "--op", "read");
    const options: string[] = JSON.parse(why.stdout).change.split(" ");
    expect(options.filter((word) => word === "--bypass-protection")).toHaveLength(2);
    const outcome = await world.nono("run", "-s", "-p", "strict", ...options, "--", "cat", key);
    expect(outcome).toMatchObject({ code: 0, stdout: "key" });
  });

  it("stands in the report as well, or says that there is none", async () => {
    await using world = await makeWorld(FILES);
    const json = world.at("report.json");
    await world.nono(
      "run",
      "-s",
      "--diagnostics-json",
      json,
      "--",
      "sh",
      "-c",
      "ls ~; cat ~/file; ls ~/.config/nono",
    );
    const { denials } = JSON.parse(world.read("report.json"));
    const changes = denials.map((one: { subject: { path: string }; change: string }) => [
      path.relative(world.home, one.subject.path),
      one.change,
    ]);
    expect(changes).toEqual([
      ["", null],
      ["file", `--read-file ${world.at("home/file")}`],
      [".config/nono", null],
    ]);
  });

  it("reads no script's directory where that holds nono's own: the hint is left out", async () => {
    await using world = await makeWorld({ ...FILES, "home/tool": "#!/bin/sh\nexit 3\n" });
    fs.chmodSync(world.at("home/tool"), 0o755);
    const outcome = await world.nono("run", "--", world.at("home/tool"));
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).not.toContain("--read");
  });
});
