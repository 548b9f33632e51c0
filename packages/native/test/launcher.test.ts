import { openSync, renameSync, symlinkSync } from "node:fs";
import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { itOnAbi } from "../../core/test/support/requires.ts";
import { HANDLED, outcomeOf, READ, unconfined } from "./support/native.ts";
import { PlanFlag, type PlanSource } from "./support/plan.ts";
import { makeTree } from "./support/tree.ts";

const { ENOENT, EACCES, ELOOP, EBUSY } = constants.errno;
const STEP = { descriptors: 6, ruleOpen: 14, execute: 21, platform: 23 };

const SYSTEM = ["/usr", "/lib", "/lib64", "/bin"];

/** A command that may read the system and `paths`. */
function reading(paths: readonly string[], path: string, ...args: readonly string[]): PlanSource {
  const system = SYSTEM.map((directory) => ({ path: realPath(directory), rights: READ, optional: true }));
  return {
    flags: PlanFlag.landlock,
    handledFs: HANDLED,
    rules: [...system, ...paths.map((file) => ({ path: file, rights: 0b100n }))],
    path: realPath(path),
    argv: [path, ...args],
  };
}

/** Since /bin became a link to /usr/bin. */
const realPath = (path: string) => path.replace(/^\/(bin|lib|lib64)(?=\/|$)/, "/usr/$1");

describe("a confined command", () => {
  itOnAbi(1)("reads what a rule covers, and nothing else", async () => {
    using tree = makeTree({ granted: "g", secret: "s" });
    const plan = (file: string) => reading([tree.at("granted")], "/bin/cat", tree.at(file));

    expect(await outcomeOf(plan("granted"))).toMatchObject({ code: 0, stdout: "g", records: [] });
    expect(await outcomeOf(plan("secret"))).toMatchObject({ code: 1, stdout: "", records: [] });
    expect(await unconfined("cat", [tree.at("secret")])).toMatchObject({ code: 0, stdout: "s" });
  });

  itOnAbi(1)("is not started when a granted path became a link", async () => {
    using tree = makeTree({ granted: "g", secret: "s" });
    const plan = reading([tree.at("granted")], "/bin/cat", tree.at("granted"));
    renameSync(tree.at("granted"), tree.at("moved"));
    symlinkSync("secret", tree.at("granted"));

    expect(await outcomeOf(plan)).toMatchObject({
      code: 126,
      stdout: "",
      records: [{ failed: STEP.ruleOpen, index: SYSTEM.length, errno: ELOOP }],
    });
    expect(await unconfined("cat", [tree.at("granted")])).toMatchObject({ code: 0, stdout: "s" });
  });

  itOnAbi(1)("is not started when a path is missing that is not optional", async () => {
    using tree = makeTree({});
    expect(await outcomeOf(reading([tree.at("missing")], "/bin/true"))).toMatchObject({
      code: 126,
      records: [{ failed: STEP.ruleOpen, index: SYSTEM.length, errno: ENOENT }],
    });
  });

  itOnAbi(1)("cannot be executed where no rule covers it, and that is 127", async () => {
    const plan = { ...reading([], "/bin/true"), rules: [] };
    expect(await outcomeOf(plan)).toMatchObject({
      code: 127,
      records: [{ failed: STEP.execute, index: 0, errno: EACCES }],
    });
  });
});

describe("a launcher", () => {
  it("tells with 127 that there is no such command", async () => {
    expect(await outcomeOf({ path: "/nowhere/command" })).toMatchObject({
      code: 127,
      records: [{ failed: STEP.execute, index: 0, errno: ENOENT }],
    });
  });

  it("closes every descriptor that the plan does not list", async () => {
    using tree = makeTree({ open: "" });
    const [kept, leaked] = [openSync(tree.at("open"), "r"), openSync(tree.at("open"), "r")];
    const script = "for n in 0 1 2 3 4 5 6 7 8 9; do if test -e /proc/$$/fd/$n; then echo $n; fi; done";
    const plan = { path: "/bin/sh", argv: ["sh", "-c", script], descriptors: [5] };
    expect(await outcomeOf(plan, [kept, leaked])).toMatchObject({ code: 0, stdout: "0\n1\n2\n5\n" });
  });

  it("passes none of its own descriptors on", async () => {
    expect(await outcomeOf({ path: "/bin/true", descriptors: [4] })).toMatchObject({
      code: 126,
      records: [{ failed: STEP.descriptors, index: 4, errno: EBUSY }],
    });
  });

  it("gives the command arguments, environment and directory of the plan, and nothing else", async () => {
    const script = 'env; pwd; printf \'%s\\n\' "$0" "$@"';
    const plan = { path: "/bin/sh", argv: ["sh", "-c", script, "zero", "", "two words"], cwd: "/usr" };
    const { stdout } = await outcomeOf({ ...plan, environment: ["PATH=/usr/bin:/bin", "EMPTY="] });
    const lines = stdout.split("\n").filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(lines).toEqual([...lines.slice(0, 2), "/usr", "zero", "", "two words", ""]);
    expect(lines.slice(0, 2).sort()).toEqual(["EMPTY=", "PATH=/usr/bin:/bin"]);
  });

  it("sets limits that the command cannot raise", async () => {
    const nofile = { resource: 7, soft: 100n, hard: 100n };
    const script = "ulimit -n; ulimit -n 200 2>/dev/null || echo refused";
    const drop = { flags: PlanFlag.dropCapabilities };
    const plan = { ...drop, path: "/bin/sh", argv: ["sh", "-c", script], limits: [nofile] };
    expect(await outcomeOf(plan)).toMatchObject({ code: 0, stdout: "100\nrefused\n" });
  });

  it("leaves the command no capability, and no_new_privs", async () => {
    const plan = {
      path: "/bin/grep",
      argv: ["grep", "-E", "^(CapPrm|CapEff|NoNewPrivs)", "/proc/self/status"],
    };
    const { stdout } = await outcomeOf({ ...plan, flags: PlanFlag.dropCapabilities });
    expect(stdout).toBe("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n");
  });

  it("starts nothing under a plan for another system", async () => {
    const plan = { flags: PlanFlag.seatbelt, profile: "(version 1)", path: "/usr/bin/true", argv: ["true"] };
    expect(await outcomeOf(plan)).toMatchObject({
      code: 126,
      records: [{ failed: STEP.platform, errno: constants.errno.ENOSYS }],
    });
  });

  it("tells at which byte a plan is wrong", async () => {
    const { records, code } = await outcomeOf({ path: "/bin/true", restrictFlags: 1 });
    expect({ records, code }).toEqual({
      records: [{ failed: 3, index: 16, errno: constants.errno.EBADMSG }],
      code: 126,
    });
  });
});
