// The guard of the directories of work, from the command line.

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeRepository } from "./support/repository.ts";
import { makeWorld } from "./support/world.ts";

const HOOK = ".git/hooks/pre-commit";
const plant = ["--allow-cwd", "--", "sh", "-c", `echo evil > ${HOOK}`];
const isPlanted = (project: string) => fs.existsSync(path.join(project, HOOK));

describe("the guard", () => {
  it.each([
    { env: {}, options: [], planted: true },
    { env: {}, options: ["--guard"], planted: false },
    { env: { NONO_GUARD: "1" }, options: [], planted: false },
    { env: { NONO_GUARD: "1" }, options: ["--no-guard"], planted: true },
    { env: {}, options: ["--profile", "claude-code"], planted: false },
    { env: { NONO_GUARD: "0" }, options: ["--profile", "claude-code"], planted: true },
    { env: { NONO_GUARD: "0" }, options: ["--profile", "claude-code", "--guard"], planted: false },
    { env: {}, options: ["--profile", "opencode", "--no-guard"], planted: true },
  ])(
    "is on in the agents' profiles and where it is asked for: $env $options",
    async ({ env, options, planted }) => {
      await using world = await makeRepository();
      await world.nonoWith({ env }, "-s", "run", ...options, ...plant);
      expect(isPlanted(world.project)).toBe(planted);
    },
  );

  it("is off under wrap, which says so, unless it is insisted on", async () => {
    await using world = await makeRepository();
    const off = await world.nono(
      "wrap",
      "--profile",
      "claude-code",
      "--allow-cwd",
      "--",
      "touch",
      "new",
      HOOK,
    );
    expect(off.code).toBe(0);
    expect(off.stderr.replaceAll(/\s+/g, " ")).toContain(
      "the guard of what runs later (without a supervisor",
    );
    fs.rmSync(path.join(world.project, HOOK));
    const on = await world.nono(
      "wrap",
      "--guard",
      "--allow-cwd",
      "--",
      "sh",
      "-c",
      `echo x > src/new; echo > ${HOOK}`,
    );
    expect(on.code).not.toBe(0);
    expect(isPlanted(world.project)).toBe(false);
    expect(fs.existsSync(path.join(world.project, "src/new"))).toBe(true);
  });

  it("does not start where an agent planted repositories by the hundred, and says where they are", async () => {
    await using world = await makeRepository();
    const plant =
      "for i in $(seq 300); do mkdir -p src/deep/d$i; echo gitdir: ../../../.git > src/deep/d$i/.git; done";
    const touch = ["--allow-cwd", "--", "touch", "started"];
    expect((await world.nono("-s", "run", "--guard", "--allow-cwd", "--", "sh", "-c", plant)).code).toBe(0);
    const refused = await world.nono("run", "--guard", ...touch);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(
      `names to guard, most of them below ${world.project}/src/deep, such as ${world.project}/src/deep/d`,
    );
    expect(fs.existsSync(path.join(world.project, "started"))).toBe(false);
    fs.rmSync(path.join(world.project, "src/deep"), { recursive: true });
    expect((await world.nono("-s", "run", "--guard", ...touch)).code).toBe(0);
  });

  it("is what nono why answers by, outside and inside", async () => {
    await using world = await makeRepository();
    const ask = ["--op", "write", "--json"];
    const outside = await world.nono("why", "--guard", "--allow-cwd", "--path", HOOK, ...ask);
    expect(JSON.parse(outside.stdout)).toMatchObject({
      status: "denied",
      source: "group:run_later",
      rule: path.join(world.project, ".git/hooks"),
      change: `--bypass-protection ${path.join(world.project, ".git/hooks")}`,
    });
    for (const [name, status] of [
      [HOOK, "denied"],
      [".vscode", "denied"],
      [".git/HEAD", "allowed"],
      [".git/new", "allowed"],
      ["new", "allowed"],
    ] as const) {
      const options = [
        "run",
        "-s",
        "--guard",
        "--allow-cwd",
        "--read",
        path.dirname(process.env.NONO ?? "/usr/bin"),
      ];
      const outcome = await world.nono("why", "--guard", "--allow-cwd", "--path", name, ...ask);
      expect(JSON.parse(outcome.stdout), name).toMatchObject({ status });
      const tried = await world.nono(...options, "--", "sh", "-c", `test -d ${name} || : >> ${name}`);
      expect(tried.code === 0, name).toBe(status === "allowed");
    }
  });

  it("tells moving and replacing as what it is, in the report and as data", async () => {
    await using world = await makeRepository();
    const file = world.at("report.json");
    const script = "mv .git .git2; mkdir own; ln -s own .claude; mv own .claude";
    const { stderr } = await world.nono(
      "run",
      "--guard",
      "--allow-cwd",
      "--diagnostics-json",
      file,
      "--",
      "sh",
      "-c",
      script,
    );
    expect(stderr).toContain(`move or replace ${world.project}/.git\n`);
    expect(stderr).toContain(`move or replace ${world.project}/.claude\n`);
    const { denials } = JSON.parse(fs.readFileSync(file, "utf8"));
    const [moved, linked, replaced] = denials;
    expect(moved).toMatchObject({
      subject: { kind: "holder", path: `${world.project}/.git` },
      source: "group:run_later",
      change: "--no-guard",
    });
    for (const one of [linked, replaced])
      expect(one).toMatchObject({ subject: { kind: "holder", path: `${world.project}/.claude` } });
  });

  it("says before the start how much it guards, and all of it with -v", async () => {
    await using world = await makeRepository();
    const short = await world.nono("run", "--guard", "--allow-cwd", "--", "true");
    expect(short.stderr).toMatch(/^ {2}guarded +\d+ names of what runs later; 1 repository found$/m);
    const full = await world.nono("run", "-v", "--guard", "--allow-cwd", "--", "true");
    expect(full.stderr.replaceAll(/\s+/g, " ")).toContain(
      `${world.project}/.envrc not written: direnv runs it when the directory is entered`,
    );
    const described = await world.nono("run", "--dry-run", "--json", "--guard", "--allow-cwd", "--", "true");
    expect(JSON.parse(described.stdout).guard).toMatchObject({
      status: "on",
      repositories: 1,
      complete: true,
    });
  });
});

describe("the guard of secrets", () => {
  it("refuses to read them, and nothing beside them", async () => {
    await using world = await makeWorld({
      "home/.config/nono/profiles/secretive.json": '{ "groups": { "include": ["workspace_secrets"] } }',
      "project/app/.env.local": "s\n",
      "project/app/.env.example": "e\n",
      "project/app/main.js": "m\n",
    });
    const script =
      "echo n > app/new; cat app/new app/.env.example app/main.js app/.env.local; mv app/.env.local x; cat x";
    const run = (profile: string) =>
      world.nono("-s", "run", "--profile", profile, "--allow-cwd", "--", "sh", "-c", script);
    expect((await run("secretive")).stdout).toBe("n\ne\nm\n");
    expect((await run("default")).stdout).toBe("n\ne\nm\ns\ns\n"); // control
  });
});
