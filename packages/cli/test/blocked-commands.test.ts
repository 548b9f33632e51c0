import fs from "node:fs";
import { describe, expect, it } from "vitest";
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
    ...(LOADER === undefined ? [] : [["the loader", [LOADER, RM, "kept"]] as const]),
  ];

  it.each(ways)("is refused by the kernel from inside, through %s", async (_, command) => {
    await using world = await makeWorld({ "project/kept": "k" });
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
