import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, ftruncateSync, readFileSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { ADDON, addon, LAUNCHER } from "./support/native.ts";
import { RUNTIMES, runScript } from "./support/runtime.ts";

const { EBADF, ENOENT } = constants.errno;
const O_CLOEXEC = 0o2000000;

const flagsOf = (descriptor: number) =>
  Number.parseInt(
    /^flags:\t(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1] ?? "",
    8,
  );

describe("the addon", () => {
  it("speaks the plan's version", () => {
    expect(addon.planVersion).toBe(3);
  });

  it("finds what the kernel has", () => {
    expect(addon.landlock()).toEqual({
      abi: expect.any(Number),
      error: 0,
      errata: expect.any(Number),
    });
    expect(addon.seccomp()).toEqual({ filter: true, notify: true, waitKillable: true });
  });

  it("seals a memory file, at its start and close-on-exec", () => {
    const descriptor = addon.memfd("name", Buffer.from("content"));
    expect(readFileSync(descriptor, "utf8")).toBe("content");
    expect(flagsOf(descriptor) & O_CLOEXEC).toBe(O_CLOEXEC);
    expect(() => writeSync(descriptor, "x", 0)).toThrow("EPERM");
    expect(() => ftruncateSync(descriptor, 1)).toThrow("EPERM");
    expect(() => ftruncateSync(descriptor, 100)).toThrow("EPERM");
    closeSync(descriptor);
  });

  it("takes an empty memory file", () => {
    const descriptor = addon.memfd("empty", new Uint8Array());
    expect(fstatSync(descriptor).size).toBe(0);
    closeSync(descriptor);
  });

  it("opens a pipe that is close-on-exec", () => {
    const { read, write } = addon.pipe();
    writeSync(write, "through");
    closeSync(write);
    expect(readFileSync(read, "utf8")).toBe("through");
    expect(flagsOf(read) & O_CLOEXEC).toBe(O_CLOEXEC);
    closeSync(read);
  });

  it("refuses arguments of other types, with a TypeError", () => {
    const loose = addon as unknown as Record<string, (...values: unknown[]) => unknown>;
    const wrong: readonly (readonly [string, ...unknown[]])[] = [
      ["memfd", "name"],
      ["memfd", 1, new Uint8Array()],
      ["memfd", "name", "text"],
      ["memfd", "name", new Uint16Array()],
      ["apply"],
      ["apply", []],
      ["execve", new Uint8Array(), [], []],
      ["execve", "path", [], [], []],
      ["execve", Buffer.from("a\0b"), [], [], []],
      ["execve", Buffer.from("/x"), [Buffer.from("a\0b")], [], []],
      ["execve", Buffer.from("/x"), "argv", [], []],
      ["execve", Buffer.from("/x"), [], [], [0.5]],
      ["execve", Buffer.from("/x"), [], [], ["3"]],
      ["start", Buffer.from("/x"), []],
      ["start", Buffer.from("/x"), [2 ** 40], []],
      ["start", Buffer.from("/x"), [], [true]],
      ["relaySignals", "1", false],
      ["relaySignals", 1, 0],
    ];
    for (const [name, ...values] of wrong) expect(() => loose[name]?.(...values), name).toThrow(TypeError);
  });
});

describe.each(RUNTIMES)("the addon in %s", (_, runtime) => {
  it("replaces the process, and passes on what it names", async () => {
    const script = `
      const { read, write } = addon.pipe(); const other = addon.pipe();
      const text = "for n in " + [read, write, other.read, other.write].join(" ") + "; do test -e /proc/$$/fd/$n && echo true || echo false; done; echo \\"$ONLY\\"";
      addon.execve(...["/bin/sh"].map(Buffer.from), ["sh", "-c", text].map((one) => Buffer.from(one)), [Buffer.from("ONLY=7")], [read, write]);`;
    const { stdout, code } = await runScript(runtime, script);
    expect({ stdout, code }).toEqual({ stdout: "true\ntrue\nfalse\nfalse\n7\n", code: 0 });
  });

  it("leaves everything as it was when it cannot replace the process", async () => {
    const script = `
      const { read } = addon.pipe();
      const flags = () => /flags:.*/.exec(fs.readFileSync("/proc/self/fdinfo/" + read, "utf8"))[0];
      const before = flags();
      const failure = (path, inherit) => { try { addon.execve(Buffer.from(path), [], [], inherit); } catch ({ step, index, errno }) { return { step, index, errno }; } };
      say(failure("/nowhere", [read])); say(failure("/bin/true", [read, 4000])); say(flags() === before); process.exit(0);`;
    expect(await runScript(runtime, script)).toMatchObject({
      code: 0,
      said: [{ step: 21, index: 0, errno: ENOENT }, { step: 6, index: 4000, errno: EBADF }, true],
    });
  });

  it("starts the launcher, which sets signals and descriptors right", async () => {
    const plan = {
      path: "/bin/sh",
      argv: ["sh", "-c", "grep -c '^SigIgn:.*0000$' /proc/self/status"],
      environment: ["PATH=/usr/bin:/bin"],
    };
    const script = `
      const status = addon.pipe();
      say(addon.start(Buffer.from(${JSON.stringify(LAUNCHER)}), [addon.memfd("plan", plans.plan), status.write], []) > 1);
      fs.closeSync(status.write);
      say(fs.readFileSync(status.read).length); // end of file: executed
      process.exit(0);`;
    // the shell's line may come before or after our own
    const { said, code } = await runScript(runtime, script, { plan });
    expect({ said: said.map(String).sort(), code }).toEqual({ said: ["0", "1", "true"], code: 0 });
  });
});

/** A process that relays to a shell which says what it gets. */
function startRelaying(runtime: string) {
  const script = `
    const addon = require(${JSON.stringify(ADDON)});
    const { spawn } = require("node:child_process");
    const text = "trap 'echo TERM' TERM; trap 'echo INT' INT; trap 'echo USR1' USR1; trap 'echo HUP; exit 3' HUP; echo up; while kill -0 $PPID; do sleep 0.01; done";
    const child = spawn("/bin/sh", ["-c", text], { stdio: ["ignore", "inherit", "inherit"], detached: true });
    addon.relaySignals(child.pid, false);
    require("node:fs").writeSync(1, "ready\\n");
    child.on("exit", (code) => process.exit(code));`;
  return spawn(runtime, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

describe.each(RUNTIMES)("relaySignals in %s", (_, runtime) => {
  it("passes on what another process sends, one by one", async () => {
    const child = startRelaying(runtime);
    const words = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => (await words.next()).value;
    expect([await next(), await next()].sort()).toEqual(["ready", "up"]);
    for (const name of ["TERM", "INT", "USR1", "INT"] as const) {
      child.kill(`SIG${name}`);
      expect(await next()).toBe(name);
    }
    child.kill("SIGHUP");
    expect(await next()).toBe("HUP");
    const [code] = await once(child, "exit");
    expect(code).toBe(3);
  });
});

describe("hideMemory", () => {
  it("leaves this process to itself and root, and writes no core file of it", async () => {
    const script = `
      const ownerOfMemory = () => fs.statSync("/proc/self/environ").uid;
      const before = ownerOfMemory();
      addon.hideMemory();
      say(before === process.getuid()); say(ownerOfMemory());
      process.exit(0);`;
    expect(await runScript(process.execPath, script)).toMatchObject({ code: 0, said: [true, 0] });
  });
});
