// nono setup: for a person who has just installed it.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itAsUser, itWhere } from "../../core/test/support/requires.ts";
import { isInstalled } from "./support/installed.ts";
import { makeWorld, NONO, outcomeOf, type World } from "./support/world.ts";

const words = (text: string) => text.replaceAll(/\s+/g, " ");

/** Everything below a directory: names, and the time of the last change. */
function contentsOf(directory: string): readonly string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  return names.map((name) => `${name} ${fs.lstatSync(`${directory}/${name}`).mtimeMs}`);
}

/** An executable that tells when it is started. */
async function withAgents(...names: readonly string[]): Promise<World & { path: string }> {
  const world = await makeWorld({ "bin/": "" });
  for (const name of names)
    fs.writeFileSync(world.at("bin", name), `#!/bin/sh\necho > ${world.at("started")}\n`, { mode: 0o755 });
  return { ...world, path: `${world.at("bin")}:relative:${world.env.PATH}` };
}

describe("nono setup", () => {
  it("says what can be enforced, and the line that starts each agent there is, without starting any", async () => {
    await using world = await withAgents("claude", "openclaw");
    const before = contentsOf(world.home);
    for (const options of [[], ["--check-only"]]) {
      const { code, stdout, stderr } = await world.nonoWith(
        { env: { PATH: world.path } },
        "setup",
        ...options,
      );
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^sandboxes can be made here: Landlock ABI \d+/);
      expect(words(stdout)).toContain("file-grants enforced by landlock");
      expect(words(stdout)).toContain("Claude Code nono run --profile claude-code --allow-cwd -- claude ");
      expect(words(stdout)).toContain(
        "OpenClaw nono run --profile openclaw --allow-cwd -- openclaw gateway ",
      );
      expect(stdout).not.toContain("codex");
      expect(words(stdout).includes("nono setup can write")).toBe(options.length === 0);
      for (const line of stdout.split("\n"))
        expect(line.length <= 80 || line.includes(world.at("bin"))).toBe(true);
    }
    expect(contentsOf(world.home)).toEqual(before);
    expect(fs.existsSync(world.at("started"))).toBe(false);
  });

  it("says the same as JSON, and the line works", async () => {
    await using world = await withAgents("codex");
    const env = { PATH: `${NONO.replace(/\/[^/]+$/, "")}:${world.path}` };
    const { stdout } = await world.nonoWith({ env }, "setup", "--check-only", "--json");
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      support: { isSupported: true, platform: "linux" },
      unsupervised: null,
      place: { kernel: expect.any(String), nested: false },
      agents: [{ name: "Codex", profile: "codex", executable: world.at("bin/codex") }],
    });
    expect(found.protections).toContainEqual({ name: "file-grants", status: "enforced", by: "landlock" });
    // As nono run has it.
    expect(found.protections).toContainEqual({ name: "metadata", status: "enforced", by: "supervisor" });
    const line = found.agents[0].start.replace("--allow-cwd", "--allow-cwd --dry-run");
    const outcome = await outcomeOf("sh", ["-c", line], {
      cwd: world.project,
      env: { ...world.env, ...env },
    });
    expect(outcome).toMatchObject({ code: 0 });
  });

  it("says when no agent is installed", async () => {
    await using world = await makeWorld();
    const { stdout } = await world.nonoWith({ env: { PATH: "/nowhere" } }, "setup");
    expect(words(stdout)).toContain("no agent that has a profile is installed");
  });
});

describe("nono setup --completion", () => {
  const FILES = {
    bash: ".local/share/bash-completion/completions/nono",
    zsh: ".local/share/zsh/site-functions/_nono",
    fish: ".config/fish/completions/nono.fish",
  };

  it.each(Object.entries(FILES))("writes for %s, says so before, and writes once", async (shell, name) => {
    await using world = await makeWorld();
    const file = `${world.home}/${name}`;
    const first = await world.nono("setup", "--completion", shell);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(new RegExp(`^nono: writing ${file}\nnono: new shells have it`));
    expect(fs.readFileSync(file, "utf8")).toBe((await world.nono("completion", shell)).stdout);
    const before = contentsOf(world.home);
    const second = await world.nono("setup", "--completion", shell);
    expect(second.stderr).toContain(`nono: ${file} is there already`);
    expect(contentsOf(world.home)).toEqual(before);

    fs.writeFileSync(file, "# completion for nono, of an older version\n");
    await world.nono("setup", "--completion", shell);
    expect(fs.readFileSync(file, "utf8")).toContain("prune");

    fs.writeFileSync(file, "something of the person's\n");
    const refused = await world.nono("setup", "--completion", shell);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/cannot be written: it holds something else: move it away\n$/);
    expect(fs.readFileSync(file, "utf8")).toBe("something of the person's\n");
  });

  itWhere(isInstalled("bash"), "bash")("is read by the shell", async () => {
    await using world = await makeWorld();
    await world.nono("setup", "--completion", "bash");
    const read = await world.bare("bash", "-c", `. ~/${FILES.bash} && complete -p nono`);
    expect(read).toMatchObject({ code: 0, stderr: "" });
    expect(read.stdout).toMatch(/^complete .*nono\n$/);
  });

  it("is not what --check-only does, nor any other shell's", async () => {
    await using world = await makeWorld();
    for (const options of [
      ["--check-only", "--completion", "bash"],
      ["--check-only", "--example-profile", "mine"],
      ["--completion", "tcsh"],
      ["--example-profile", "../x"],
    ])
      expect(await world.nono("setup", ...options)).toMatchObject({ code: 2, stdout: "" });
    expect(fs.readdirSync(world.home)).toEqual([]);
  });

  itAsUser("says when the place cannot be written", async () => {
    await using world = await makeWorld();
    fs.chmodSync(world.home, 0o555);
    const outcome = await world.nono("setup", "--completion", "fish");
    fs.chmodSync(world.home, 0o755);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /nono\.fish cannot be written: permission denied: make its directory writable, or set HOME to another\n$/,
    );
  });
});

describe("nono setup --example-profile", () => {
  it("writes one that works, and never over what a person made of it", async () => {
    await using world = await makeWorld();
    const file = `${world.home}/.config/nono/profiles/mine.json`;
    const first = await world.nono("setup", "--example-profile", "mine");
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(`nono: writing ${file}\n`);
    expect(fs.statSync(file).mode & 0o077).toBe(0);
    expect(await world.nono("profile", "validate", "mine")).toMatchObject({ code: 0 });
    expect(await world.nono("run", "-p", "mine", "--", "true")).toMatchObject({ code: 0 });
    const before = contentsOf(world.home).filter((line) => line.includes("config"));
    const second = await world.nono("setup", "--example-profile", "mine");
    expect(second).toMatchObject({ code: 0 });
    expect(second.stderr).toContain("is there already");
    expect(contentsOf(world.home).filter((line) => line.includes("config"))).toEqual(before);

    const changed = fs.readFileSync(file, "utf8").replace("{", "{ // mine");
    fs.writeFileSync(file, changed);
    expect(await world.nono("setup", "--example-profile", "mine")).toMatchObject({ code: 1 });
    expect(fs.readFileSync(file, "utf8")).toBe(changed);
  });
});
