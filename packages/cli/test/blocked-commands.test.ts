import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, type World } from "./support/world.ts";

/** Where rm is on this machine. */
const RM = ["/usr/bin/rm", "/bin/rm"].find((file) => fs.existsSync(file)) ?? "/bin/rm";
const LOADER = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].find((file) =>
  fs.existsSync(file),
);

async function expectRefused(world: World, ...command: string[]): Promise<void> {
  const outcome = await world.nono("run", "--allow-cwd", "--", ...command);
  expect(outcome).toEqual({ code: 126, signal: null, stdout: "", stderr: "nono: blocked command: rm\n" });
}

describe("a blocked command", () => {
  it("is refused before anything is started", async () => {
    await using world = await makeWorld({ "project/kept": "k" });
    await expectRefused(world, "rm", "-rf", "kept");
    expect(world.read("project/kept")).toBe("k");
  });

  it("is refused by absolute and relative path, through a link and when it does not exist", async () => {
    await using world = await makeWorld({ "project/kept": "k" });
    fs.symlinkSync(RM, world.at("project/innocent"));
    await expectRefused(world, RM, "kept");
    await expectRefused(world, "./innocent", "kept");
    await expectRefused(world, "./rm", "kept");
    expect((await world.nono("run", "--block-command", "no-such-thing", "--", "no-such-thing")).stderr).toBe(
      "nono: blocked command: no-such-thing\n",
    );
  });

  const ways: readonly (readonly [string, readonly string[]])[] = [
    ["a shell", ["sh", "-c", "rm kept"]],
    ["a shell by path", ["sh", "-c", `${RM} kept`]],
    ["env", ["env", "rm", "kept"]],
    ["xargs", ["sh", "-c", "echo kept | xargs rm"]],
    ["find", ["find", ".", "-name", "kept", "-exec", "rm", "{}", "+"]],
    ["a link", ["sh", "-c", `ln -s ${RM} x; ./x kept`]],
    ["a copy", ["sh", "-c", `cat ${RM} > x; ./x kept`]],
    ["a copy of what a descriptor leads to", ["sh", "-c", `exec 3<${RM}; cat /proc/self/fd/3 > x; ./x kept`]],
    ["a descriptor", ["sh", "-c", `exec 3<${RM} && /proc/self/fd/3 kept`]],
    ["an interpreter line", ["sh", "-c", "./script kept"]],
    ["an interpreter line with env", ["sh", "-c", "./env-script kept"]],
    ...(LOADER === undefined ? [] : [["the loader", [LOADER, RM, "kept"]] as const]),
  ];

  it.each(ways)("is refused by the kernel from inside, through %s", async (_, command) => {
    await using world = await makeWorld({
      "project/kept": "k",
      "project/script": `#!${RM}\n`,
      "project/env-script": "#!/usr/bin/env rm\n",
    });
    for (const script of ["script", "env-script"]) fs.chmodSync(world.at("project", script), 0o755);
    const outcome = await world.nono("run", "--allow-cwd", "--", ...command);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/[Pp]ermission denied|cannot open|error while loading/);
    expect(fs.existsSync(world.at("project/kept"))).toBe(true);

    const allowed = command.map((word) => word.replace("> x;", "> x; chmod +x x;"));
    const opened = ["--allow-command", "rm", "--allow-command", "chmod"];
    expect(await world.nono("run", "-s", "--allow-cwd", ...opened, "--", ...allowed)).toMatchObject({
      code: 0,
    }); // control
    expect(fs.existsSync(world.at("project/kept"))).toBe(false);
  });

  it("does not take others with it", async () => {
    await using world = await makeWorld({ "project/file": "f" });
    const script = "ls; cat file; mkdir d; touch d/x; node -e 'fs.rmSync(\"d\", { recursive: true })'; ls";
    expect(await world.nono("run", "-s", "--allow-cwd", "--", "sh", "-c", script)).toMatchObject({
      code: 0,
      stdout: "file\nffile\n",
    });
  });

  it("can be opened for one run, and another one blocked", async () => {
    await using world = await makeWorld({ "project/file": "f" });
    expect(await world.nono("run", "-s", "--allow-cwd", "--allow-command", "rm", "rm", "file")).toMatchObject(
      { code: 0 },
    );
    expect(fs.readdirSync(world.project)).toEqual([]);
    expect(await world.nono("run", "--block-command", "ls", "--", "ls")).toMatchObject({
      code: 126,
      stderr: "nono: blocked command: ls\n",
    });
  });

  it.each(["rm", "dd", "chmod", "sudo", "scp"])("is %s by default, as the seed has it", async (name) => {
    await using world = await makeWorld();
    expect(await world.nono("run", "--", name)).toMatchObject({
      code: 126,
      stderr: `nono: blocked command: ${name}\n`,
    });
  });
});

const BUSYBOX = ["/usr/bin/busybox", "/bin/busybox"].find((file) => fs.existsSync(file)) ?? "";

describe("a program that is many commands at once", () => {
  itWhere(BUSYBOX !== "", "busybox")(
    "is refused as the blocked one before the start, and as no other",
    async () => {
      await using world = await makeWorld({ "project/kept": "k" });
      await expectRefused(world, "busybox", "rm", "kept");
      await expectRefused(world, BUSYBOX, "rm", "kept");
      const run = (...args: string[]) => world.nono("run", "-s", "--allow-cwd", ...args);
      expect(await run("--", "busybox", "ls")).toMatchObject({ code: 0, stdout: "kept\n" });
      expect(await run("--allow-command", "rm", "--", "busybox", "rm", "kept")).toMatchObject({ code: 0 });
      expect(fs.existsSync(world.at("project/kept"))).toBe(false);
    },
  );

  itWhere(BUSYBOX !== "", "busybox")(
    "keeps its other commands where the blocked one is a link to it, and -v says so",
    async () => {
      await using world = await makeWorld({ "project/kept": "k", "tools/": "" });
      fs.copyFileSync(BUSYBOX, world.at("tools/busybox"));
      for (const name of ["rm", "ls", "sh"]) fs.symlinkSync("busybox", world.at("tools", name));
      const run = (...args: string[]) =>
        world.nonoWith(
          { env: { PATH: world.at("tools") } },
          "run",
          "--allow-cwd",
          "--read",
          world.at("tools"),
          ...args,
        );
      expect(await run("--", "rm", "kept")).toMatchObject({
        code: 126,
        stderr: "nono: blocked command: rm\n",
      });
      expect(await run("--", "sh", "-c", "ls")).toMatchObject({ code: 0, stdout: "kept\n" });
      expect((await run("-v", "--", "ls")).stderr).toMatch(
        /\n {2}blocked by name only\n {4}rm +its executable is also the command busybox\n/,
      );
    },
  );
});

it("is a guard rail: what removes files by itself is bounded by the grants only", async () => {
  await using world = await makeWorld({ "project/mine": "", "other/file": "" });
  const script = `for (const file of ["mine", "../other/file"]) try { fs.unlinkSync(file) } catch (e) { console.log(e.code) }`;
  expect(await world.nono("run", "-s", "--allow-cwd", "--", "node", "-e", script)).toMatchObject({
    stdout: "EACCES\n",
  });
  expect(fs.readdirSync(world.project)).toEqual([]);
  expect(fs.readdirSync(world.at("other"))).toEqual(["file"]);
});
