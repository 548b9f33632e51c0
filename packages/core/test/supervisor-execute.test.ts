// A blocked command stays blocked whatever it is called and however it is started.

import { copyFileSync, existsSync, linkSync, realpathSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linesOf, useActs } from "./support/acts.ts";
import { confine, unconfined } from "./support/confine.ts";
import { supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const LOADER =
  ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].find((path) => existsSync(path)) ?? "";
/** A program of its own file that takes any arguments. */
const BLOCKED = realpathSync("/usr/bin/true");

describe("a blocked command", () => {
  it("is known as a copy, by another name, through a link, an interpreter line and a loader", async () => {
    await using tree = await makeTree({ "w/script": `#!${"x".repeat(3)}`, "w/args": "" });
    const [copy, link, hard] = [tree.at("w/copy"), tree.at("w/link"), tree.at("w/hard")];
    copyFileSync(BLOCKED, copy);
    symlinkSync(BLOCKED, link);
    linkSync(copy, hard);
    await unconfined(
      "/bin/sh",
      "-c",
      `printf '#! ${copy}\\n' > ${tree.at("w/script")}; chmod +x ${tree.at("w/script")}`,
    );
    const box = supervised({ readWrite: [tree.at("w")], block: ["true"] });
    const ways: readonly (readonly [string, ...string[]])[] = [
      ["/bin/sh", "-c", copy],
      ["/bin/sh", "-c", link],
      ["/bin/sh", "-c", hard],
      ["/bin/sh", "-c", "env true"],
      ["/bin/sh", "-c", BLOCKED],
      ["/bin/sh", "-c", tree.at("w/script")],
      ["/bin/sh", "-c", `env ${copy}`],
      ["/bin/sh", "-c", `echo | xargs ${copy}`],
      ["/bin/sh", "-c", `${LOADER} ${copy}`],
      ["/bin/sh", "-c", `${LOADER} --argv0 x --library-path / ${copy}`],
      ["/bin/sh", "-c", `cp ${LOADER} ${tree.at("w/ld")}; ${tree.at("w/ld")} ${copy}`],
      ["/bin/sh", "-c", `cd ${tree.at("w")}; ./copy`],
    ];
    for (const [command, ...args] of ways) {
      const outcome = await box.run(command, ...args);
      expect({ args, stdout: outcome.stdout }).toEqual({ args, stdout: "" });
      expect(outcome.code).not.toBe(0);
      expect(outcome.events).toContainEqual(
        expect.objectContaining({
          kind: "denied",
          request: expect.objectContaining({
            operation: "execute",
            reason: "blocked-command",
            blocked: BLOCKED,
          }),
        }),
      );
      const control = await unconfined(command, ...args);
      expect({ args, ...control }).toMatchObject({ args, code: 0 });
    }
    // without a supervisor a copy is any program
    const without = await confine({ readWrite: [tree.at("w")], block: ["true"] }).run("/bin/sh", "-c", copy);
    expect(without).toMatchObject({ code: 0 });
  });

  it("is known in a memory file", async () => {
    await using tree = await makeTree();
    copyFileSync(BLOCKED, tree.at("copy"));
    const asked = { read: [tree.root, acts.directory], block: ["true"] };
    const script = [`memory:${tree.at("copy")}`, "fexec:@:true"];
    const outcome = await supervised(asked).run(acts.program, ...script);

    expect(linesOf(outcome.stdout).at(-1)).toBe("fexec=EACCES");
    expect(linesOf((await unconfined(acts.program, ...script)).stdout).at(-1)).toBe("fexec=0");
  });

  it("is known by paths that mean something else to every process", async () => {
    await using tree = await makeTree({ "w/": "" });
    copyFileSync(BLOCKED, tree.at("w/copy"));
    const box = supervised({ readWrite: [tree.at("w")], block: ["true"] });
    const ways = [
      "/proc/self/cwd/copy",
      "/proc/thread-self/cwd/./copy",
      `/proc/self/root/${tree.at("w/copy")}`,
      "/proc/self/root/proc/self/cwd/copy",
      "/dev/fd/../cwd/copy",
      "/proc/self/fd/7/copy",
      "$link",
    ];
    for (const way of ways) {
      const script = `cd ${tree.at("w")}; exec 7< .; link=link; ln -sf /proc/self/cwd/copy link; ${way}`;
      const outcome = await box.run("/bin/sh", "-c", script.replace("$link", "./$link"));
      expect({ way, ...outcome }).toMatchObject({ way, code: 126 });
      expect(told(outcome.events).at(-1)).toBe(`denied execute ${tree.at("w/copy")}`);
      expect((await unconfined("/bin/sh", "-c", script.replace("$link", "./$link"))).code).toBe(0);
    }
    // of another process nobody knows where it leads
    const other = await box.run("/bin/sh", "-c", `cd ${tree.at("w")}; (exec /proc/$$/cwd/copy)`);
    expect(other.stderr).toContain("symbolic links");
  });

  it("is not executed from memory that only the kernel can read", async () => {
    await using tree = await makeTree({ "w/": "" });
    copyFileSync(BLOCKED, tree.at("w/copy"));
    const copy = tree.at("w/copy");
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], block: ["true"] };
    const script = [`unseenpath:${copy}:copy`, `unseenarguments:${LOADER}:ld:${copy}`];
    const outcome = await supervised(asked).run(acts.program, ...script);

    expect(linesOf(outcome.stdout)).toEqual(["unseenpath=EFAULT", "unseenarguments=EFAULT"]);
    const control = await unconfined(acts.program, ...script);
    expect(linesOf(control.stdout)).toEqual(["unseenpath=0", "unseenarguments=0"]);
  });

  it("is not another program of the same size", async () => {
    await using tree = await makeTree();
    copyFileSync(realpathSync("/usr/bin/false"), tree.at("false"));
    const box = supervised({ read: [tree.root], block: ["true"] });

    expect(await box.run(tree.at("false"))).toMatchObject({ code: 1, events: [] });
  });
});

describe("a program outside the grants", () => {
  it("is a denial that is known, and so is the interpreter of a script", async () => {
    await using tree = await makeTree({ "w/script": "", "out/": "" });
    copyFileSync(realpathSync("/usr/bin/true"), tree.at("out/true"));
    const script = `printf '#!${tree.at("out/true")}\\n' > ${tree.at("w/script")}; chmod +x ${tree.at("w/script")}`;
    await unconfined("/bin/sh", "-c", script);
    const box = supervised({ readWrite: [tree.at("w")] });

    const program = await box.run("/bin/sh", "-c", tree.at("out/true"));
    expect(program.code).toBe(126);
    expect(told(program.events)).toEqual([`denied execute ${tree.at("out/true")}`]);
    const interpreted = await box.run("/bin/sh", "-c", tree.at("w/script"));
    expect(interpreted.code).toBe(126);
    expect(told(interpreted.events)[0]).toBe(`denied execute ${tree.at("w/script")}`);
  });

  it("that is missing or not executable is no denial", async () => {
    await using tree = await makeTree({ "w/file": "" });
    const outcome = await supervised({ readWrite: [tree.at("w")] }).run(
      "/bin/sh",
      "-c",
      `${tree.at("nothing")}; ${tree.at("w/file")}; nosuchcommand; true`,
    );

    expect(outcome).toMatchObject({ code: 0, events: [] });
  });
});
