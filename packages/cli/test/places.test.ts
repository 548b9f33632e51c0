// Where a sandbox can be made only in part, or not at all: what is said, and that nothing is started that is less than it says.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeTree, type TestTree } from "../../core/test/support/tree.ts";
import { makeWorld, NONO, type Outcome, outcomeOf, type World } from "./support/world.ts";

let tree: TestTree;
beforeAll(async () => {
  tree = await makeTree();
  fs.chmodSync(tree.at("."), 0o755);
  const source = fileURLToPath(new URL("support/refusing.c", import.meta.url));
  execFileSync("cc", ["-o", tree.at("refusing"), source]);
});
afterAll(() => tree[Symbol.asyncDispose]());

/** nono where something is refused. */
function nonoWithout(world: World, what: string, ...args: string[]): Promise<Outcome> {
  return outcomeOf(tree.at("refusing"), [what, NONO, ...args], { cwd: world.project, env: world.env });
}

const START = ["--allow-cwd", "--", "sh", "-c", "echo > started; cat ~/.ssh/id"];

const words = (text: string) => text.replaceAll(/\s+/g, " ");

describe("where the kernel or a container refuses what a sandbox cannot do without", () => {
  it.each([
    ["landlock-enosys", /a seccomp filter refuses Landlock's calls here: \S/],
    ["landlock-eperm", /a seccomp filter refuses Landlock's calls here: \S/],
    ["landlock-off", /Landlock is built into this kernel but off: \S.*lsm=/],
    ["filters", /a seccomp filter refuses further filters here: \S/],
  ])("nothing is started, and it is said what to do: %s", async (what, line) => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    for (const verb of ["run", "wrap"]) {
      const outcome = await nonoWithout(world, what, verb, ...START);
      expect([1, 126]).toContain(outcome.code);
      expect(outcome.stdout).toBe("");
      expect(words(outcome.stderr)).toMatch(line);
      expect(outcome.stderr.trimEnd().split("\n").at(-1)).toMatch(/^nono: /);
    }
    expect(fs.readdirSync(world.project)).toEqual([]);
    const setup = await nonoWithout(world, what, "setup", "--check-only");
    expect(setup).toMatchObject({ code: 1, stderr: "" });
    expect(words(setup.stdout)).toMatch(/^no sandbox can be made here: /);
    expect(setup.stdout).not.toMatch(/nono run/);
    expect(words(setup.stdout)).toMatch(line);
    const { support } = JSON.parse((await nonoWithout(world, what, "setup", "--json")).stdout);
    expect(support).toMatchObject({ isSupported: false, details: expect.stringMatching(line) });
  });
});

describe("where there can be no supervisor", () => {
  it.each([
    ["listener", /seccomp user notification is refused here \(EPERM\)/],
    ["docker-ptrace", /a seccomp filter refuses calls that a supervisor needs/],
    ["docker", /a seccomp filter refuses calls that a supervisor needs/],
    ["second-listener", /has a seccomp supervisor of its own, and there can be only one/],
  ])("a session goes without, and says so; what needs one does not start: %s", async (what, line) => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const outcome = await nonoWithout(world, what, "run", ...START);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(words(outcome.stderr)).toMatch(line);
    expect(outcome.stderr).toMatch(/\.ssh\/id: Permission denied/);
    expect(fs.readdirSync(world.project)).toEqual(["started"]); // control: it did start
    fs.rmSync(world.at("project/started"));
    for (const option of [
      ["--supervised"],
      ["--allow-unix-socket", world.at("home/socket")],
      ["--allow-connect", "localhost"],
    ]) {
      const refused = await nonoWithout(world, what, "run", ...option, ...START);
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(words(refused.stderr)).toMatch(line);
    }
    expect(fs.readdirSync(world.project)).toEqual([]);
    const learn = await nonoWithout(world, what, "learn", ...START);
    expect(learn).toMatchObject({ code: 1, stdout: "" });
    expect(words(learn.stderr)).toMatch(/^nono: nono learn needs a supervisor, and /);
    expect(words(learn.stderr)).toMatch(line);
    expect(fs.readdirSync(world.project)).toEqual([]);
    const setup = await nonoWithout(world, what, "setup", "--check-only");
    expect(setup.code).toBe(0);
    expect(words(setup.stdout)).toMatch(line);
    expect(words(setup.stdout)).toMatch(/metadata NOT enforced: .*there is no supervisor/);
    // It keeps its record all the same.
    const [record] = JSON.parse((await world.nono("audit", "list", "--json")).stdout);
    expect(record).toMatchObject({ state: "ended", exit_code: 1 });
  });
});

describe("where process_vm_readv alone is refused, as Podman and CRI-O do", () => {
  it("there is a supervisor all the same, which reads what calls point to through /proc", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key", "project/a": "a", "out/file": "o" });
    const script =
      "cat ~/.ssh/id; mv a b && cat b; cat $(seq -f %0200g 40) ../out/file; git init -q . && git add b";
    const json = world.at("report.json");
    const options = ["--allow-cwd", "--diagnostics-json", json];
    const outcome = await nonoWithout(world, "podman", "run", ...options, "--", "sh", "-c", script);
    expect(outcome).toMatchObject({ code: 0, stdout: "a" });
    const { denials } = JSON.parse(world.read("report.json"));
    const paths = denials.map(({ subject }: { subject: { path: string } }) => subject.path);
    expect(paths).toEqual([world.at("home/.ssh/id"), world.at("out/file")]);
    const { events } = JSON.parse((await world.nono("audit", "show", "--json")).stdout);
    const executed = events.filter(({ kind }: { kind: string }) => kind === "executed");
    const commands: readonly (readonly string[])[] = executed.map(
      (one: { command: string[] }) => one.command,
    );
    const long = commands.find((command) => command.some((word) => word.length === 200));
    expect(long).toHaveLength(42); // arguments too long for one piece, all of them
    expect((await nonoWithout(world, "podman", "setup", "--check-only")).stdout).not.toContain(
      "no supervisor",
    );
  });
});

describe("the library", () => {
  const CORE = fileURLToPath(new URL("../../core/dist/index.js", import.meta.url));
  const SCRIPT = `
    import { AccessMode, CapabilitySet, compilePlan, runSupervised } from ${JSON.stringify(CORE)};
    const set = new CapabilitySet().allowPath("/usr", AccessMode.Read).allowPath("/proc", AccessMode.Read);
    const plan = compilePlan(set, { guard: true, supervisor: true });
    const command = { path: "/usr/bin/touch", argv: ["touch", "started"], cwd: process.cwd() };
    const done = async ({ ended }) => ((await ended).code === 0 ? "done" : "refused");
    console.log(await runSupervised(plan, command).then(done, () => "refused"));`;

  it.each(["docker", "docker-ptrace"])("does not wait for a supervisor that cannot be: %s", async (what) => {
    await using world = await makeWorld();
    const words = [what, process.execPath, "--input-type=module", "--eval", SCRIPT];
    const outcome = await outcomeOf(tree.at("refusing"), words, { cwd: world.project, env: world.env });
    expect(outcome).toMatchObject({ code: 0, stdout: "refused\n" });
    expect(fs.readdirSync(world.project)).toEqual([]);
  });
});

describe("inside another sandbox of nono", () => {
  it("setup says so", async () => {
    await using world = await makeWorld();
    const outcome = await world.nono(
      "run",
      "-s",
      "--read",
      NONO.replace(/\/[^/]+$/, ""),
      "--",
      NONO,
      "setup",
      "--check-only",
    );
    expect(words(outcome.stdout)).toContain(
      "the sandbox around this one has the only supervisor there can be",
    );
  });
});

describe("in namespaces of its own, as containers and other sandboxes make them", () => {
  const UNSHARE = ["-Urpf", "--mount-proc"];
  const present = spawnSync("unshare", [...UNSHARE, "true"]).status === 0;

  itWhere(present, "user namespaces")("a sandbox is made and holds", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const options = { cwd: world.project, env: world.env };
    const outcome = await outcomeOf("unshare", [...UNSHARE, NONO, "run", ...START], options);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(/\.ssh\/id: Permission denied/);
    expect(fs.readdirSync(world.project)).toEqual(["started"]);
    const setup = await outcomeOf("unshare", [...UNSHARE, NONO, "setup", "--check-only"], options);
    expect(setup).toMatchObject({ code: 0, stderr: "" });
  });
});
