// What a policy says, the kernel does: every refusal with its control, the same without nono.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld } from "../support/world.ts";

const refused = { code: 1, stdout: "" };

describe("the default profile", () => {
  it.each([
    ["home/.ssh/id_ed25519", "a key"],
    ["home/.aws/credentials", "an account"],
    ["home/.bash_history", "what was typed"],
    ["home/.bashrc", "a start file"],
    ["home/.config/google-chrome/Default/Cookies", "a cookie"],
    ["home/.local/share/keyrings/login.keyring", "a keyring"],
  ])("lets nobody read ~/%s", async (file, text) => {
    await using world = await makeWorld({ [file]: text });
    expect(await world.nono("run", "-s", "--allow-cwd", "--", "cat", world.at(file))).toMatchObject(refused);
    expect(await world.bare("cat", world.at(file))).toMatchObject({ code: 0, stdout: text });
  });

  it("keeps what is denied out of a directory around it that is granted", async () => {
    await using world = await makeWorld({
      "home/.local/share/keyrings/login.keyring": "secret",
      "home/.local/share/fonts/a.ttf": "font",
    });
    const share = world.at("home/.local/share");
    const read = (file: string) => world.nono("run", "-s", "--allow", share, "--", "cat", `${share}/${file}`);
    expect(await read("fonts/a.ttf")).toMatchObject({ code: 0, stdout: "font" });
    expect(await read("keyrings/login.keyring")).toMatchObject(refused);
    expect(await world.bare("cat", `${share}/keyrings/login.keyring`)).toMatchObject({
      code: 0,
      stdout: "secret",
    });
  });

  it("lifts a denial by its name, and only then a grant of it is one", async () => {
    await using world = await makeWorld({ "home/.ssh/config": "Host x" });
    const ssh = world.at("home/.ssh");
    const cat = ["--", "cat", `${ssh}/config`];
    expect(await world.nono("run", "--read", ssh, ...cat)).toMatchObject({
      ...refused,
      stderr: expect.stringMatching(
        /--read .*\/\.ssh lies in .*\/\.ssh, which group:deny_credentials denies/,
      ),
    });
    expect(await world.nono("run", "-s", "--bypass-protection", ssh, ...cat)).toMatchObject(refused);
    expect(await world.nono("run", "-s", "--bypass-protection", ssh, "--read", ssh, ...cat)).toMatchObject({
      code: 0,
      stdout: "Host x",
    });
  });

  it("lets read what others run, and nobody write it", async () => {
    await using world = await makeWorld({
      "home/.local/share/applications/a.desktop": "[Desktop Entry]",
      "home/.local/share/notes/a": "a",
    });
    const share = world.at("home/.local/share");
    const run = (script: string) =>
      world.nonoWith({ cwd: share }, "run", "-s", "--allow", share, "--", "sh", "-c", script);
    expect(await run("cat applications/a.desktop")).toMatchObject({ code: 0, stdout: "[Desktop Entry]" });
    expect((await run("echo Exec=evil >> applications/a.desktop")).code).not.toBe(0);
    expect((await run("cp notes/a applications/planted.desktop")).code).not.toBe(0);
    expect((await run("mv applications away")).code).not.toBe(0);
    expect(readFileSync(`${share}/applications/a.desktop`, "utf8")).toBe("[Desktop Entry]");
    expect(existsSync(`${share}/applications/planted.desktop`)).toBe(false);
    // The control: beside what is denied, the same grant writes.
    expect(await run("echo b >> notes/a && cp notes/a notes/b")).toMatchObject({ code: 0 });
  });
});

describe("the user's own files", () => {
  it("deny in every sandbox what a required group of groups.json denies", async () => {
    await using world = await makeWorld({
      "home/.config/nono/groups.json": `{ "deny_work": { "description": "work", "required": true, "deny": { "access": ["$WORKDIR/private"] } } }`,
      "project/private/a": "secret",
      "project/public/a": "open",
    });
    const cat = (file: string) => world.nono("run", "-s", "--allow-cwd", "--", "cat", file);
    expect(await cat("public/a")).toMatchObject({ code: 0, stdout: "open" });
    expect(await cat("private/a")).toMatchObject(refused);
    expect(await world.bare("cat", "private/a")).toMatchObject({ code: 0, stdout: "secret" });
  });

  it("are out of reach for what they confine", async () => {
    await using world = await makeWorld({
      "home/.config/nono/profiles/mine.json": `{ "filesystem": { "read": ["~/data"] } }`,
      "home/data/a": "data",
    });
    const profile = world.at("home/.config/nono/profiles/mine.json");
    const run = (...args: string[]) => world.nono("run", "-s", "--profile", "mine", "--", ...args);
    expect(await run("cat", world.at("home/data/a"))).toMatchObject({ code: 0, stdout: "data" });
    expect(await run("cat", profile)).toMatchObject(refused);
    expect(
      await world.nono("run", "-p", "mine", "--allow", world.at("home/.config"), "--", "true"),
    ).toMatchObject({
      ...refused,
      stderr: expect.stringContaining("which no grant may"),
    });
  });

  it("are never those of the project, which an earlier run may have written", async () => {
    await using world = await makeWorld({ "home/data/a": "data" });
    const profile = `{ "filesystem": { "read": ["~/data"] } }`;
    const written = await world.nono(
      "run",
      "-s",
      "--allow-cwd",
      "--",
      "sh",
      "-c",
      `echo '${profile}' > p.json`,
    );
    expect(written).toMatchObject({ code: 0 });
    expect(
      await world.nono("run", "--profile", "./p.json", "--", "cat", world.at("home/data/a")),
    ).toMatchObject({
      ...refused,
      stderr: expect.stringContaining("which a sandboxed command may have written"),
    });
    // The control: the same profile from elsewhere grants it.
    await using elsewhere = await makeWorld({ "home/data/a": "data", "home/p.json": profile });
    const read = ["--", "cat", elsewhere.at("home/data/a")];
    expect(
      await elsewhere.nono("run", "-s", "--profile", elsewhere.at("home/p.json"), ...read),
    ).toMatchObject({
      code: 0,
      stdout: "data",
    });
  });

  it("do not follow a link that an earlier run left in its own directory", async () => {
    await using world = await makeWorld({
      "home/.config/nono/profiles/agent.json": `{ "filesystem": { "allow": ["~/.agent"], "read": ["~/.agent/plugins"] } }`,
      "home/.agent/": "",
      "home/victim/a": "private",
    });
    const run = (...args: string[]) => world.nono("run", "--profile", "agent", "--", ...args);
    const planted = world.at("home/.agent/plugins");
    expect(await run("ln", "-s", world.at("home/victim"), planted)).toMatchObject({ code: 0 });
    expect(await run("cat", world.at("home/victim/a"))).toMatchObject({
      ...refused,
      stderr: expect.stringContaining("goes through the link"),
    });
    expect(await world.bare("cat", `${planted}/a`)).toMatchObject({ code: 0, stdout: "private" });
  });
});

describe("a profile that needs something to exist", () => {
  it("makes it before the start, not for a dry run, and leaves what is there", async () => {
    await using world = await makeWorld();
    const [directory, file] = [world.at("home/.claude"), world.at("home/.claude.json")];
    const run = (...args: string[]) => world.nono("run", "--profile", "claude-code", ...args);
    expect(await run("--dry-run", "--", "true")).toMatchObject({ code: 0 });
    expect([existsSync(directory), existsSync(file)]).toEqual([false, false]);
    const write = `echo '{"a":1}' > '${file}' && echo x > '${directory}/history'`;
    expect(await run("-s", "--", "sh", "-c", write)).toMatchObject({ code: 0 });
    expect(await run("-s", "--", "true")).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toBe('{"a":1}\n');
  });
});
