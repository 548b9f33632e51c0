// A session as agents have them: a clone, an installed package, a build, and then everything is removed. A restore brings
// back what was there before, to the last time stamp.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { accountOf } from "../../core/test/support/random-tree.ts";
import { makeWorld, type World } from "./support/world.ts";

const FILES = {
  "project/package.json": '{ "name": "work", "version": "1.0.0", "private": true }\n',
  "project/src/main.js": "console.log(require('greet').greet('world'));\n",
  "project/src/build.js":
    "const fs = require('fs'); fs.mkdirSync('dist', { recursive: true });" +
    "fs.writeFileSync('dist/main.js', '#!/usr/bin/env node\\n' + fs.readFileSync('src/main.js'), { mode: 0o755 });",
  "project/.gitignore": "dist/\nnode_modules/\n.env\n",
  "project/.env": "TOKEN=none\n",
  "project/empty/": "",
  "outside/greet/package.json": '{ "name": "greet", "version": "1.0.0", "main": "index.js" }\n',
  "outside/greet/index.js": "exports.greet = (name) => 'hello ' + name;\n",
};

const SESSION = `
set -e
git clone -q --no-hardlinks "$OUTSIDE/upstream" lib
npm install --offline --no-audit --no-fund --cache ./.npm "$OUTSIDE/greet-1.0.0.tgz"
node src/build.js
node dist/main.js
git add -A && git -c user.name=a -c user.email=a@b commit -qm "agent's work"
git gc -q
node -e "fs.chmodSync('src/main.js', 0o600)"
mv src sources
rm -rf .git sources lib .env empty
`;

async function makeProject(): Promise<World> {
  const world = await makeWorld(FILES);
  const run = (cwd: string, command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd, env: world.env, stdio: ["ignore", "ignore", "inherit"] });
  const commit = (directory: string) => {
    run(directory, "git", "init", "-q");
    run(directory, "git", "add", "-A");
    run(directory, "git", "-c", "user.name=p", "-c", "user.email=p@q", "commit", "-qm", "first");
  };
  commit(world.project);
  fs.cpSync(world.at("outside/greet"), world.at("outside/upstream"), { recursive: true });
  commit(world.at("outside/upstream"));
  run(world.at("outside"), "npm", "pack", "--silent", "./greet");
  fs.linkSync(world.at("project/src/main.js"), world.at("project/src/again.js"));
  fs.symlinkSync("src/main.js", world.at("project/entry"));
  fs.chmodSync(world.at("project/.env"), 0o600);
  return world;
}

async function agent(world: World, ...options: string[]) {
  const script = `OUTSIDE='${world.at("outside")}'; ${SESSION}`;
  return world.nono(
    ...["run", "--rollback", ...options, "--no-guard", "--allow-command", "rm", "--allow-cwd"],
    ...["--read", world.at("outside"), "--", "sh", "-c", script],
  );
}

describe("a session that clones, installs, builds and removes", () => {
  it("is undone by a restore, whole: nothing is left of it, and nothing is missing", async () => {
    await using world = await makeProject();
    const before = accountOf(world.project);
    const { code, stdout, stderr } = await agent(world, "--rollback-all");
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("hello world"),
    });
    const after = accountOf(world.project);
    expect(fs.existsSync(world.at("project/node_modules/greet/index.js"))).toBe(true);
    expect(fs.existsSync(world.at("project/.git"))).toBe(false);

    const restored = await world.nono("rollback", "restore", "--all", "--yes");
    expect(restored).toMatchObject({ code: 0 });
    expect(accountOf(world.project)).toEqual(before);
    const undo = /undo this: nono (.*)/.exec(restored.stderr)?.[1]?.split(" ") ?? [];
    expect(await world.nono(...undo, "--yes")).toMatchObject({ code: 0 });
    expect(accountOf(world.project)).toEqual(after);
    expect(await world.nono("rollback", "restore", "--all", "--yes")).toMatchObject({ code: 0 });
    expect(accountOf(world.project)).toEqual(before);
    expect(await world.nono("rollback", "verify")).toMatchObject({ code: 0 });
    expect((await world.bare("git", "fsck", "--strict")).code).toBe(0);
    expect((await world.bare("git", "status", "--porcelain")).stdout).toBe("?? entry\n?? src/again.js\n");
  }, 120_000);

  it("is undone but for dependencies, when nothing else is said", async () => {
    await using world = await makeProject();
    const before = accountOf(world.project);
    expect(await agent(world)).toMatchObject({ code: 0 });
    expect(await world.nono("rollback", "restore", "--all", "--yes")).toMatchObject({ code: 0 });
    expect(fs.existsSync(world.at("project/node_modules/greet"))).toBe(true);
    fs.rmSync(world.at("project/node_modules"), { recursive: true });
    const withoutTimeOfRoot = (lines: readonly string[]) => lines.slice(1);
    expect(withoutTimeOfRoot(accountOf(world.project))).toEqual(withoutTimeOfRoot(before));
  }, 120_000);
});
