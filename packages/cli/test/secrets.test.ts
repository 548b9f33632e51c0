// Secrets, from the keystore to the variable of the command, and nowhere else.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itAsRoot, itWhere } from "../../core/test/support/requires.ts";
import { isInstalled } from "./support/installed.ts";
import { makeWorld, NONO, outcomeOf, type World } from "./support/world.ts";

const VALUE = "xyzzy-0123456789-plugh";
const PRINT = ["--", "sh", "-c", 'echo "[$OPENAI_API_KEY]"'];

/** Shows that it is there, but not what it is. */
const COUNT = `echo "\${#OPENAI_API_KEY}"`;

/** Opens the file store of a world by a key file. */
function fileStoreOf(world: World): Readonly<Record<string, string>> {
  return { NONO_SECRET_STORE: "file", NONO_SECRET_KEY_FILE: world.at("keys/key") };
}

function withFileStore(world: World) {
  const env = fileStoreOf(world);
  return (...args: string[]) => world.nonoWith({ env }, ...args);
}

async function worldWithSecret(): Promise<World> {
  const world = await makeWorld({ "keys/key": "0123456789abcdef0123456789abcdef" });
  fs.chmodSync(world.at("keys/key"), 0o600);
  const env = fileStoreOf(world);
  const stored = await world.nonoWith({ env, input: `${VALUE}\n` }, "secret", "set", "openai_api_key");
  expect(stored).toMatchObject({ code: 0, stdout: "" });
  return world;
}

/** Files below a directory that hold a text. */
function filesWith(text: string, directory: string): readonly string[] {
  const files = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile());
  return files
    .map((one) => path.join(one.parentPath, one.name))
    .filter((file) => fs.readFileSync(file).includes(text));
}

describe("a secret in the file store", () => {
  let world: World;
  beforeAll(async () => {
    world = await worldWithSecret();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    ["run", ["--secrets", "openai_api_key"]],
    ["run", ["--env-credential=openai_api_key"]],
    ["run", ["--secret-env", "openai_api_key=OPENAI_API_KEY"]],
    ["wrap", ["--secrets", "openai_api_key"]],
  ])("reaches the command as a variable: %s %j", async (command, options) => {
    const { code, stdout, stderr } = await withFileStore(world)(command, ...options, ...PRINT);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `[${VALUE}]\n` });
    expect(stderr).not.toContain(VALUE);
  });

  it("is listed by name, printed when asked to, and gone when removed", async () => {
    const nono = withFileStore(world);
    expect(await nono("secret", "list", "--json")).toMatchObject({ stdout: '[\n  "openai_api_key"\n]\n' });
    const there = await nono("secret", "get", "openai_api_key");
    expect(there).toMatchObject({ code: 0, stdout: "" });
    expect(there.stderr).not.toContain(VALUE);
    expect(await nono("secret", "get", "openai_api_key", "--reveal")).toMatchObject({ stdout: `${VALUE}\n` });
    expect(await nono("secret", "rm", "other")).toMatchObject({ code: 1 });
  });

  it("stands on disk as nothing that could be read, for its user alone", () => {
    const file = world.at("home/.local/state/nono/secrets");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    for (const text of [VALUE, "openai_api_key"]) expect(fs.readFileSync(file).includes(text)).toBe(false);
  });

  it("is in no plan that is shown, nor in the document inside", async () => {
    const nono = withFileStore(world);
    const plan = await nono("run", "--secrets", "openai_api_key", "--dry-run", "--json", "--", "true");
    expect(JSON.parse(plan.stdout).secrets).toEqual([
      { name: "OPENAI_API_KEY", reference: "openai_api_key", source: "--secrets" },
    ]);
    const read = ["--", "sh", "-c", 'cat "$NONO_CAP_FILE"'];
    const inside = await nono("run", "-s", "--secrets", "openai_api_key", ...read);
    expect(inside.stdout).toContain('"OPENAI_API_KEY"');
    expect(plan.stdout + plan.stderr + inside.stdout + inside.stderr).not.toContain(VALUE);
  });

  it("is missed by its name, and then nothing is started", async () => {
    const { code, stdout, stderr } = await withFileStore(world)(
      "run",
      "--secrets",
      "nope",
      "--",
      "echo",
      "x",
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("there is no secret nope in");
  });

  it("does not open by another key, nor where others could read the key", async () => {
    fs.writeFileSync(world.at("keys/other"), "another key of more than 16 bytes", { mode: 0o600 });
    const args = ["secret", "get", "openai_api_key"];
    const other = { NONO_SECRET_STORE: "file", NONO_SECRET_KEY_FILE: world.at("keys/other") };
    expect((await world.nonoWith({ env: other }, ...args)).stderr).toContain("is not the right one");
    fs.chmodSync(world.at("keys/other"), 0o644);
    expect((await world.nonoWith({ env: other }, ...args)).stderr).toContain("others may use it");
  });

  it("goes into no variable that would steer the command", async () => {
    for (const name of ["LD_PRELOAD", "PATH", "NODE_OPTIONS", "GIT_SSH_COMMAND", "NONO_PROFILE", "HOME"]) {
      const { code, stderr } = await withFileStore(world)(
        ...["run", "--secret-env", `openai_api_key=${name}`, "--", "true"],
      );
      expect([code, stderr]).toEqual([1, expect.stringContaining(`no secret goes into ${name}`)]);
    }
  });

  // As an ordinary user strace cannot read what calls of processes point to that hide their memory.
  const itWithStrace = isInstalled("strace") ? itAsRoot : itWhere(false, "strace");
  describe.each(["run", "wrap", "learn"])("is written by no process of nono %s", (command) => {
    itWithStrace("but to the memory file of the launcher, and stands in no argument", async () => {
      const trace = world.at(`trace-${command}`);
      const { stdout } = await outcomeOf(
        "strace",
        [
          ...["-f", "-y", "-s", "4096", "-e", "trace=write,pwrite64,writev,pwritev,sendto,sendmsg,execve"],
          ...["-o", trace, NONO, command, "-s", "--secrets", "openai_api_key", "--", "sh", "-c", COUNT],
        ],
        { cwd: world.project, env: { ...world.env, ...fileStoreOf(world) } },
      );
      expect(stdout).toContain(`${VALUE.length}\n`); // control: the command had it
      const lines = fs.readFileSync(trace, "utf8").split("\n");
      fs.rmSync(trace);
      const found = lines.filter((line) => line.includes(VALUE));
      expect(found.map((line) => /(?:write|pwrite64)\(\d+<([^>]*)>/.exec(line)?.[1])).toEqual([
        expect.stringMatching(/^\/memfd:nono-plan/), // control: the trace shows what is written
      ]);
    });

    it("and lies in no file afterwards", async () => {
      const { code, stdout } = await withFileStore(world)(
        ...[command, "--secrets", "openai_api_key", "--", "sh", "-c", COUNT],
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${VALUE.length}\n`) });
      expect(filesWith(VALUE, world.at("."))).toEqual([]);
    });
  });
});

describe("from inside a sandbox", () => {
  it("neither the store nor the memory of nono's processes can be read", async () => {
    await using world = await worldWithSecret();
    const script = `
      cat ${world.at("home/.local/state/nono/secrets")} ${world.at("keys/key")}
      for pid in $PPID $(sed -n 's/^PPid:\\t//p' /proc/$PPID/status); do
        cat /proc/$pid/environ /proc/$pid/mem
      done; echo over`;
    const { stdout, stderr } = await withFileStore(world)(
      ...["run", "--no-diagnostics", "--secrets", "openai_api_key", "--allow-cwd", "--", "sh", "-c", script],
    );
    expect(stdout).toBe("over\n");
    expect(stderr.match(/[Pp]ermission denied/g)?.length).toBeGreaterThanOrEqual(4);
  });
});

describe("a reference", () => {
  it("can be a file of the user's own, outside of what the command may write", async () => {
    await using world = await makeWorld({ "keys/token": `${VALUE}\n`, "project/token": `${VALUE}\n` });
    const run = (file: string) =>
      world.nono("run", "--secret-env", `file://${file}=OPENAI_API_KEY`, ...PRINT);
    expect((await run(world.at("keys/token"))).stderr).toContain("others may use it");
    for (const file of ["keys/token", "project/token"]) fs.chmodSync(world.at(file), 0o600);
    expect(await run(world.at("keys/token"))).toMatchObject({ code: 0, stdout: `[${VALUE}]\n` });
    fs.symlinkSync(world.at("keys/token"), world.at("project/link"));
    const inside = await run(world.at("project/token"));
    expect(inside).toMatchObject({ code: 1, stdout: "" });
    expect(inside.stderr.replaceAll(/\s+/g, " ")).toContain("which a sandboxed command may write");
  });

  it.each([
    ["of several lines", Buffer.from("first hunter2\nsecond hunter2")],
    ["that is not UTF-8", Buffer.from("hunter2 \xff\x80 hunter2", "latin1")],
    ["of 100 kB", Buffer.from("hunter2 ".repeat(12_500))],
  ])("can be a value %s, which reaches the command and no record", async (_, value) => {
    await using world = await makeWorld({ "keys/": "", "outside/": "" });
    fs.writeFileSync(world.at("keys/token"), value, { mode: 0o600 });
    const script =
      'printf %s "$OPENAI_API_KEY" > got; cat "../outside/$OPENAI_API_KEY"; /bin/true "$OPENAI_API_KEY"';
    const reference = `file://${world.at("keys/token")}=OPENAI_API_KEY`;
    const words = ["--secret-env", reference, "--", "sh", "-c", script];
    const { stderr } = await world.nono("run", "--allow-cwd", ...words);
    expect(fs.readFileSync(world.at("project/got")).equals(value)).toBe(true);
    expect(stderr.slice(stderr.indexOf("nono: refused"))).not.toContain("hunter2");
    const record = JSON.stringify(JSON.parse((await world.nono("audit", "show", "--json")).stdout).events);
    expect(record).toContain('["/bin/true","[redacted]"]');
    for (const encoded of ["hunter2", Buffer.from("hunter2 ").toString("base64").slice(0, 8)])
      expect(filesWith(encoded, world.at("home"))).toEqual([]);
  });

  it("can be no value that a variable cannot hold, and nothing that is no file", async () => {
    await using world = await makeWorld({
      "keys/nul": "hunter2\0",
      "keys/empty": "\n",
      "keys/long": "x".repeat(1 << 17),
    });
    execFileSync("mkfifo", ["-m", "600", world.at("keys/fifo")]);
    fs.symlinkSync("/dev/zero", world.at("keys/zero"));
    const refused = async (name: string) => {
      if (name !== "zero") fs.chmodSync(world.at("keys", name), 0o600);
      const { code, stdout, stderr } = await world.nono(
        ...["run", "--secret-env", `file://${world.at("keys", name)}=OPENAI_API_KEY`, ...PRINT],
      );
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).not.toContain("hunter2");
      return stderr.replaceAll(/\s+/g, " ");
    };
    expect(await refused("nul")).toContain("it holds a NUL byte");
    expect(await refused("empty")).toContain("it is empty");
    expect(await refused("long")).toContain("it is longer than 122880 bytes");
    expect(await refused("fifo")).toContain("it is not a regular file");
    expect(await refused("zero")).toContain("which a sandboxed command may write");
  });

  it("is no file in a directory that others may write", async () => {
    await using world = await makeWorld({ "shared/token": VALUE });
    fs.chmodSync(world.at("shared/token"), 0o600);
    const run = () =>
      world.nono("run", "--secret-env", `file://${world.at("shared/token")}=OPENAI_API_KEY`, ...PRINT);
    expect(await run()).toMatchObject({ code: 0 }); // the control
    fs.chmodSync(world.at("shared"), 0o777);
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(world.at("shared"));
  });

  itAsRoot("is no file of another user, though it may be read", async () => {
    await using world = await makeWorld({ "keys/token": VALUE });
    fs.chmodSync(world.at("keys/token"), 0o600);
    fs.chownSync(world.at("keys/token"), 65534, 65534);
    const reference = `file://${world.at("keys/token")}=OPENAI_API_KEY`;
    const { code, stdout, stderr } = await world.nono("run", "--secret-env", reference, ...PRINT);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/belongs to|owner|user 65534/);
  });

  it("can be a variable, and only by name, never through cmd:// on the command line", async () => {
    await using world = await makeWorld();
    const env = { env: { MY_TOKEN: VALUE } };
    const [run, cmd] = await Promise.all([
      world.nonoWith(env, "run", "--secret-env", "env://MY_TOKEN=OPENAI_API_KEY", ...PRINT),
      world.nonoWith(env, "run", "--secret-env", "cmd://cat /etc/hostname=OPENAI_API_KEY", ...PRINT),
    ]);
    expect(run).toMatchObject({ code: 0, stdout: `[${VALUE}]\n` });
    expect(cmd).toMatchObject({ code: 1, stdout: "" });
    expect(cmd.stderr).toContain("only a profile of yours");
  });

  it("can be Bitwarden's: a field that every item has, or one of its own", async () => {
    const bw = `#!/bin/sh
case "$*" in
"get password my item --raw --nointeraction") printf pass ;;
"get username my item --raw --nointeraction") printf me ;;
"get item my item --raw --nointeraction") echo '{"fields":[{"name":"other","value":"o"},{"name":"api","value":"of its own"}]}' ;;
*) echo "Not found." >&2; exit 1 ;;
esac
`;
    await using world = await makeWorld({ "bin/bw": bw });
    fs.chmodSync(world.at("bin/bw"), 0o755);
    const env = { PATH: `${world.at("bin")}:${world.env.PATH}` };
    const run = (reference: string) =>
      world.nonoWith({ env }, "run", "--secret-env", `${reference}=OPENAI_API_KEY`, ...PRINT);
    expect((await run("bw://my%20item")).stdout).toBe("[pass]\n");
    expect((await run("bw://my%20item/username")).stdout).toBe("[me]\n");
    expect((await run("bw://my%20item/api")).stdout).toBe("[of its own]\n");
    const missing = await run("bw://my%20item/nope");
    expect([missing.code, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toContain("the item has no field nope");
    const gone = await run("bw://another");
    expect([gone.code, gone.stdout]).toEqual([1, ""]);
    expect(gone.stderr).toContain("it failed with exit code 1: Not found.");
  });

  it("can be a vendor's command line, which runs with a clean environment", async () => {
    const op = `#!/bin/sh\n[ "$*" = "read --no-newline op://v/i/f" ] && printf '%s|%s' "$OP_SESSION" "$FOO"\n`;
    await using world = await makeWorld({ "bin/op": op, "project/op": op });
    for (const file of ["bin/op", "project/op"]) fs.chmodSync(world.at(file), 0o755);
    const run = (directory: string) => {
      const env = { PATH: `${world.at(directory)}:${world.env.PATH}`, OP_SESSION: "s", FOO: "leaks" };
      return world.nonoWith({ env }, "run", "--secret-env", "op://v/i/f=OPENAI_API_KEY", ...PRINT);
    };
    expect(await run("bin")).toMatchObject({ code: 0, stdout: "[s|]\n" });
    expect(await run("project")).toMatchObject({ code: 1, stdout: "" });
  });

  it("in a profile of the user's can be a command of the user's", async () => {
    const profile = { env_credentials: { "cmd://mine --get": "OPENAI_API_KEY" } };
    await using world = await makeWorld({
      "bin/mine": `#!/bin/sh\necho "$1"\n`,
      "home/.config/nono/profiles/p.json": JSON.stringify(profile),
      "elsewhere/q.json": JSON.stringify(profile),
    });
    fs.chmodSync(world.at("bin/mine"), 0o755);
    const env = { PATH: `${world.at("bin")}:${world.env.PATH}` };
    const run = (name: string) => world.nonoWith({ env }, "run", "--profile", name, ...PRINT);
    expect(await run("p")).toMatchObject({ code: 0, stdout: "[--get]\n" });
    expect(await run(world.at("elsewhere/q.json"))).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("nono secret set", () => {
  it("keeps every byte of what is piped in, and get prints them", async () => {
    await using world = await worldWithSecret();
    const value = "first line\nsecond: \u00ff \u6f22";
    const env = fileStoreOf(world);
    await world.nonoWith({ env, input: value }, "secret", "set", "several");
    const bytes = Buffer.from("a\xff\x80b", "latin1");
    fs.writeFileSync(world.at("raw"), bytes);
    const script = `"$0" secret set raw < "$1" && "$0" secret get --reveal raw > "$1.got"`;
    await outcomeOf("sh", ["-c", script, NONO, world.at("raw")], {
      cwd: world.project,
      env: { ...world.env, ...env },
    });
    expect(fs.readFileSync(world.at("raw.got"))).toEqual(Buffer.concat([bytes, Buffer.from("\n")]));
    expect((await withFileStore(world)("secret", "get", "--reveal", "several")).stdout).toBe(`${value}\n`);
  });

  it("takes no value as an argument, and does not repeat it", async () => {
    await using world = await makeWorld();
    for (const args of [["name", VALUE], [`name=${VALUE}`]]) {
      const { code, stdout, stderr } = await world.nono("secret", "set", ...args);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain(VALUE);
    }
  });

  it("never falls back to a file where there is no keystore", async () => {
    await using world = await makeWorld();
    const { code } = await world.nonoWith({ input: VALUE }, "secret", "set", "name");
    expect(code).toBe(1);
    expect(fs.existsSync(world.at("home/.local/state/nono/secrets"))).toBe(false);
  });
});
