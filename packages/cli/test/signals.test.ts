import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { isAlive, leftBySessions, makeWorld, NONO, until } from "./support/world.ts";

/** Says its children's process ids, tells of each signal, and ends with 7 at the last one. */
const TALKATIVE = `
  trap 'echo got-INT' INT; trap 'echo got-HUP' HUP; trap 'echo got-QUIT' QUIT; trap 'echo got-TERM; exit 7' TERM
  setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 1; done' & echo $!
  sh -c '(exec sleep 1000) & echo $!'
  echo ready
  while :; do sleep 0.01; done`;

async function startTalkative(world: Awaited<ReturnType<typeof makeWorld>>) {
  const nono = world.start("run", "-s", "--", "sh", "-c", TALKATIVE);
  let said = "";
  nono.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  await until(() => said.includes("ready"));
  const pids = said.split("\n").slice(0, 2).map(Number);
  expect(pids.every(isAlive)).toBe(true);
  return { nono, pids, said: () => said };
}

describe("signals", () => {
  it("reach the command, which decides what they mean", async () => {
    await using world = await makeWorld();
    const { nono, said, pids } = await startTalkative(world);
    for (const signal of ["INT", "HUP", "QUIT"] as const) {
      nono.kill(`SIG${signal}`);
      await until(() => said().includes(`got-${signal}`));
    }
    const ended = once(nono, "exit");
    nono.kill("SIGTERM");
    expect(await ended).toEqual([7, null]);
    expect(said()).toContain("got-TERM");
    expect(pids.some(isAlive)).toBe(false);
  });
});

describe("a command that has stopped", () => {
  const stopped = (pid: number) =>
    /^State:\tT \(stopped/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));

  async function endedBySigterm(command: readonly string[]) {
    await using world = await makeWorld();
    const nono = world.start("run", "-s", "--allow-cwd", "--", ...command);
    const file = world.at("project/pid");
    await until(() => fs.existsSync(file) && /^\d+\n$/.test(fs.readFileSync(file, "utf8")));
    const pid = Number(fs.readFileSync(file, "utf8"));
    await until(() => stopped(pid));
    const ended = once(nono, "exit");
    nono.kill("SIGTERM");
    return [await ended, isAlive(pid)];
  }

  it("is ended by a signal to nono", async () => {
    expect(await endedBySigterm(["sh", "-c", "echo $$ > pid; kill -STOP $$; sleep 1000"])).toEqual([
      [143, null],
      false,
    ]);
  });

  const PYTHON = "/usr/bin/python3";
  /** Wants to be traced by whoever started it. */
  const traced = (signal: string) => [
    PYTHON,
    "-c",
    `import ctypes, os, signal
assert ctypes.CDLL(None).ptrace(0, 0, None, None) == 0
with open("pid", "w") as file: print(os.getpid(), file=file)
os.kill(os.getpid(), signal.${signal})
os.execlp("sleep", "sleep", "1000")`,
  ];
  const itTraced = itWhere(fs.existsSync(PYTHON), "python3");

  itTraced("is ended by it as well when it waits for a tracer", async () => {
    expect(await endedBySigterm(traced("SIGSTOP"))).toEqual([[143, null], false]);
  });

  itTraced("is not held by a tracer that there is not", async () => {
    await using world = await makeWorld();
    const { code } = await world.nono("run", "-s", "--allow-cwd", "--", ...traced("SIGUSR1"));
    expect(code).toBe(128 + os.constants.signals.SIGUSR1);
    const script = traced("SIGWINCH").map((word) => word.replace('"1000"', '"0"'));
    expect(await world.nono("run", "-s", "--allow-cwd", "--", ...script)).toMatchObject({ code: 0 });
  });
});

describe("the whole tree ends with the session", () => {
  it("when the command ends, also what left its process group or ignores signals", async () => {
    await using world = await makeWorld();
    const script = "setsid sh -c 'trap \"\" TERM; exec sleep 1000' & echo $!; exit 5";
    const { code, stdout } = await world.nono("run", "-s", "--", "sh", "-c", script);
    expect(code).toBe(5);
    expect(isAlive(Number(stdout))).toBe(false);
    expect(leftBySessions(world)).toEqual([]);
  });

  it("when nono is killed with SIGKILL; the next start removes its temporary directory", async () => {
    await using world = await makeWorld();
    const { nono, pids } = await startTalkative(world);
    nono.kill("SIGKILL");
    await until(() => !pids.some(isAlive));
    expect(leftBySessions(world)).toHaveLength(1);
    await world.nono("run", "-s", "--", "true");
    expect(leftBySessions(world)).toEqual([]);
  });

  it("but not without nono: a control", async () => {
    await using world = await makeWorld();
    const { stdout } = await world.bare("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!");
    expect(isAlive(Number(stdout))).toBe(true);
    process.kill(Number(stdout));
  });
});

describe("a pipe whose reader is gone", () => {
  it.each(["run", "wrap"])("ends a command under %s as it ends it bare", async (mode) => {
    await using world = await makeWorld();
    const pipe = (command: string) =>
      world.bare("bash", "-c", `${command} | head -1; echo "\${PIPESTATUS[0]}"`);
    const bare = await pipe("yes");
    expect(bare).toMatchObject({ stdout: "y\n141\n", stderr: "" });
    expect(await pipe(`${NONO} ${mode} -s -- yes`)).toEqual(bare);
  });

  it("is no error of ours", async () => {
    await using world = await makeWorld();
    const script = `${NONO} run --help | head -1; ${NONO} run -v -- true 2>&1 | head -1; echo done`;
    expect(await world.bare("sh", "-c", script)).toMatchObject({ code: 0, stderr: "" });
  });
});

it("says that an answer could not be written, and fails, but where its reader is just gone", async () => {
  await using world = await makeWorld();
  for (const words of ["--help", "--version", "profile list", "setup --check-only"]) {
    const outcome = await world.bare("sh", "-c", `${NONO} ${words} > /dev/full`);
    expect(outcome).toEqual({
      code: 1,
      signal: null,
      stdout: "",
      stderr:
        "nono: standard output cannot be written to: no space is left: a part of the answer is missing\n",
    });
  }
});
