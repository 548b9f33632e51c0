import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itAsUser } from "../../core/test/support/requires.ts";
import { makeWorld, NONO, type Outcome, outcomeOf } from "./support/world.ts";

/** Creates a file in the project when it is started. */
const COMMAND = ["--", "sh", "-c", "echo > started"];

/** One line of ours, no stack, nothing on standard output. */
function expectOneLine(outcome: Outcome, code: number, line: RegExp | string): void {
  expect(outcome.stderr).toMatch(line);
  expect(outcome.stderr).toMatch(/^nono: [^\n]+\n$/);
  expect(outcome).toMatchObject({ code, stdout: "" });
}

const longText = (length: number) => "x".repeat(length);

describe("a wrong option", () => {
  it.each([
    [["run", "--alow-cwd"], 2, "unknown option --alow-cwd: did you mean --allow-cwd?"],
    [["run", "--frobnicate"], 2, "unknown option --frobnicate: see nono run --help"],
    [["run", "-x"], 2, "unknown option -x"],
    [["run", "--allow-cwd/../up"], 2, "--allow-cwd/../up: expected names of directories below"],
    [["run", "--open-port", "http"], 2, "--open-port http: expected a port, a whole number from 1 to 65535"],
    [["run", "--open-port=70000"], 2, "--open-port 70000: expected a port"],
    [
      ["run", "--allow-connect", "*.example.org"],
      2,
      "--allow-connect *.example.org: expected a host and perhaps",
    ],
    [
      ["run", "--allow-connect", "::1"],
      2,
      "--allow-connect ::1: expected a host and perhaps its port, as in",
    ],
    [["run", "--allow-connect", "localhost:0"], 2, "--allow-connect localhost:0: expected a host"],
    [["run", "--allow-connect", "10.0.0.0/8"], 2, "--allow-connect 10.0.0.0/8: expected a host"],
    [
      ["run", "--allow-connect", "https://example.org"],
      2,
      "--allow-connect https://example.org: expected a host",
    ],
    [
      ["run", "--allow-connect", "nowhere.invalid:443"],
      1,
      /--allow-connect nowhere\.invalid:443: (no address|looking)/,
    ],
    [
      ["wrap", "--allow-connect", "localhost:80"],
      1,
      "--allow-connect localhost:80 needs a supervisor, which",
    ],
    [["run", "--read="], 2, "--read '': expected a directory"],
    [
      ["run", "--allow-cwd=src"],
      2,
      "--allow-cwd=src: expected names of directories below the working directory, as",
    ],
    [["run", "--name", "9x"], 2, "--name 9x: expected a letter"],
    [
      ["run", "--diagnostics-json", "missing/report"],
      1,
      "missing/report cannot be written: its directory does not exist",
    ],
    [["run", "--diagnostics-json", "/dev/null"], 1, "/dev/null cannot be written: it is not a regular file"],
    [["run", "--json"], 2, "--json says nothing without --dry-run"],
    [["run", "-p", "default", "-p", "node-dev"], 2, "--profile is given twice"],
    [["rnu"], 2, "unknown command rnu: did you mean nono run?"],
    [["wrap", "--no-diagnostics"], 2, "unknown option --no-diagnostics"],
    [["run", "--block-command", "a/b"], 1, "--block-command a/b: a command is a name, or the absolute path"],
    [["run", "--allow-env", "A=B"], 1, "--allow-env A=B: expected the name of a variable"],
    [["run", "--bypass-protection", "/nothing/denies/this"], 1, "--bypass-protection /nothing/denies/this"],
  ] as const)("stops nono %j with exit code %i", async (args, code, line) => {
    await using world = await makeWorld();
    expectOneLine(await world.nono(...args, ...COMMAND), code, line);
    expect(fs.readdirSync(world.project)).toEqual([]);
  });

  it.each([
    [["run"], "nono run needs more: nono run [--] COMMAND [ARGUMENT...]"],
    [["run", "--read"], "--read needs a value: --read DIR"],
    [["--", "ls"], "nono does not take ls"],
    [["profile", "lits"], "unknown command lits: did you mean nono profile list?"],
    [["profile", "show"], "nono profile show needs more: nono profile show PROFILE"],
    [["completion", "tcsh"], "completion tcsh: expected bash, zsh or fish"],
    [["why"], "nono why says nothing without --path, --host or --command"],
    [["why", "--path", "/etc"], "--path says nothing without --op"],
    [["why", "--path", "/etc", "--op", "read", "--command", "ls"], "--path and --command exclude each other"],
    [["why", "--host", "example.com"], "--host says nothing without --port"],
    [
      ["profile", "init", "claude-code"],
      "nono profile init claude-code: expected a name that no built-in profile has",
    ],
  ])("is a wrong usage: nono %j", async (args, line) => {
    await using world = await makeWorld();
    const outcome = await world.nono(...args);
    expectOneLine(outcome, 2, /^nono: /);
    expect(outcome.stderr).toBe(`nono: ${line}\n`);
  });

  it("is a command that is nothing, or a script that does not say what runs it", async () => {
    await using world = await makeWorld({ "project/script": "echo x\n" });
    fs.chmodSync(world.at("project/script"), 0o755);
    expect(await world.nono("run", "--", "")).toMatchObject({
      code: 127,
      stderr: "nono: no such command: ''\n",
    });
    const script = await world.nono("run", "--allow-cwd", "--", "./script");
    expect(script).toMatchObject({ code: 126, stdout: "" });
    expect(script.stderr).toMatch(
      /nono: cannot execute .\/script: it is no .*, and no script that begins with #!\n$/,
    );
  });

  it("is a built-in profile's name for one of one's own, wherever it is to be written", async () => {
    await using world = await makeWorld();
    const { code, stderr } = await world.nono("setup", "--example-profile", "default");
    expect([code, stderr]).toEqual([2, expect.stringContaining("default: expected a name that no built-in")]);
    expect(
      fs.readdirSync(world.home, { recursive: true }).filter((name) => /json/.test(String(name))),
    ).toEqual([]);
  });

  it("in a variable names the variable", async () => {
    await using world = await makeWorld();
    const outcome = await world.nonoWith({ env: { NONO_BLOCK_NET: "perhaps" } }, "run", ...COMMAND);
    expectOneLine(outcome, 2, /NONO_BLOCK_NET perhaps: expected 1 or 0/);
  });
});

describe("a profile", () => {
  const profile = async (content: string, name = "agent") => {
    const world = await makeWorld({ [`home/.config/nono/profiles/${name}.json`]: content });
    fs.chmodSync(world.at("home/.config/nono/profiles", `${name}.json`), 0o600);
    return world;
  };

  it("that does not exist is named, with the nearest one", async () => {
    await using world = await makeWorld();
    expectOneLine(
      await world.nono("run", "-p", "claud-code", ...COMMAND),
      1,
      /claud-code: did you mean claude-code\?/,
    );
    expectOneLine(
      await world.nono("run", "-p", "./missing.json", ...COMMAND),
      1,
      /missing\.json cannot be read/,
    );
    expect(fs.readdirSync(world.project)).toEqual([]);
  });

  itAsUser("that cannot be read stops the start", async () => {
    await using world = await profile("{}");
    fs.chmodSync(world.at("home/.config/nono/profiles/agent.json"), 0);
    expectOneLine(
      await world.nono("run", "-p", "agent", ...COMMAND),
      1,
      /agent\.json cannot be read: EACCES/,
    );
  });

  it.each([
    ["{", /agent\.json:1:2: /],
    ['{ "filesystm": {} }', /agent\.json:1:3: unknown key filesystm in .*, did you mean filesystem\?/],
    ['{ "extends": "agent" }', /profiles extend each other in a circle: agent extends agent/],
    [
      '{ "groups": { "include": ["node_runtme"] } }',
      /node_runtme, which does not exist: did you mean node_runtime\?/,
    ],
    ['{ "network": { "block": "yes" } }', /agent\.json:1:\d+: /],
    ['{ "extends": "no-such-profile" }', /no profile is called no-such-profile/],
    [longText(2 << 20), /longer than 1 MiB/],
  ])("is refused when it reads %.60s", async (content, line) => {
    await using world = await profile(content);
    expectOneLine(await world.nono("run", "-p", "agent", ...COMMAND), 1, line);
    expect(fs.readdirSync(world.project)).toEqual([]);
  });

  it("of a longer circle is refused too", async () => {
    await using world = await profile('{ "extends": "b" }', "a");
    fs.writeFileSync(world.at("home/.config/nono/profiles/b.json"), '{ "extends": "a" }', { mode: 0o600 });
    expectOneLine(await world.nono("run", "-p", "a", ...COMMAND), 1, /circle: a extends b extends a/);
  });

  it("in the working directory is not read, because a sandboxed command may have written it", async () => {
    await using world = await makeWorld({ "project/agent.json": '{ "filesystem": { "read": ["~"] } }' });
    expectOneLine(
      await world.nono("run", "-p", "./agent.json", ...COMMAND),
      1,
      /lies below the working directory/,
    );
  });
});

describe("a grant", () => {
  it.each([
    [
      ["--allow", "~/.config/nono"],
      /--allow \S+\/home\/\.config\/nono would reach .*\/\.config\/nono, which no grant may/,
    ],
    [["--allow", "~"], /which no grant may/],
    [["--write", "/"], /which no grant may/],
    [["--read", "~/.local/state/nono/sessions"], /which no grant may/],
  ])("of a protected root is refused: %j", async (args, line) => {
    await using world = await makeWorld({ "home/.config/nono/": "", "home/.local/state/nono/sessions/": "" });
    expectOneLine(await world.nono("run", ...args, ...COMMAND), 1, line);
    expect(fs.readdirSync(world.project)).toEqual([]);
  });

  it("of a denied path says who denies it", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "" });
    expectOneLine(
      await world.nono("run", "--read", "~/.ssh", ...COMMAND),
      1,
      /--read \S+\/home\/\.ssh lies in .*which group:\w+ denies/,
    );
  });

  it("of a file where a directory is meant is refused, and the other way round", async () => {
    await using world = await makeWorld({ "project/file": "", "project/dir/": "" });
    expectOneLine(
      await world.nono("run", "--allow", "file", ...COMMAND),
      1,
      /--allow file is a file: grant it as a file \(--allow-file\)$/m,
    );
    expectOneLine(
      await world.nono("run", "--read-file", "dir", ...COMMAND),
      1,
      /--read-file dir is a directory: grant it as a directory \(--read\)$/m,
    );
  });

  it("shows no control character, direction mark or broken byte of a path raw", async () => {
    await using world = await makeWorld();
    const names = ["new\nline", "es\u001b[31mcape", "bi\u202edi", Buffer.from([0x78, 0xff, 0x79])];
    for (const name of names) {
      fs.writeFileSync(Buffer.concat([Buffer.from(`${world.project}/`), Buffer.from(name)]), "");
      const outcome = await throughShell(world, name, '"$NONO" run --allow "$1" -- true');
      expectOneLine(outcome, 1, /^nono: --allow \S+ is a file: grant it as a file \(--allow-file\)$/m);
      expect(outcome.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\ufffd]/);
    }
    expect(names).toHaveLength(4);
  });

  it("of a path that nobody can look up says why", async () => {
    await using world = await makeWorld();
    fs.symlinkSync("circle", world.at("project/circle"));
    expectOneLine(
      await world.nono("run", "--read", "circle", ...COMMAND),
      1,
      /--read circle: cannot be looked up: links lead in circles/,
    );
    for (const path of [longText(256), `${longText(250)}/`.repeat(20)]) {
      expectOneLine(
        await world.nono("run", "--read", path, ...COMMAND),
        2,
        /--read x+\S*: expected a directory/,
      );
      expectOneLine(
        await world.nono("why", "--path", path, "--op", "read"),
        2,
        /--path x+\S*: expected a path/,
      );
    }
    expectOneLine(
      await world.nono("why", "--path", "circle", "--op", "read"),
      1,
      /--path circle: cannot be looked up/,
    );
    expect(fs.readdirSync(world.project)).toEqual(["circle"]);
  });

  it("of a path that is not UTF-8 works", async () => {
    await using world = await makeWorld();
    const name = Buffer.from([0x64, 0xff]);
    fs.mkdirSync(Buffer.concat([Buffer.from(`${world.project}/`), name]));
    const outcome = await throughShell(
      world,
      name,
      '"$NONO" run -s --allow "$1" -- sh -c \'echo fine > "$0/f"; cat "$0/f"\' "$1"',
    );
    expect(outcome).toEqual({ code: 0, signal: null, stdout: "fine\n", stderr: "" });
  });
});

/** A shell script whose `$1` is bytes that spawn could not pass. */
function throughShell(
  world: Awaited<ReturnType<typeof makeWorld>>,
  argument: string | Buffer,
  script: string,
): Promise<Outcome> {
  const octal = [...Buffer.from(argument)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const whole = `set -- "$(printf '${octal}x')"; set -- "\${1%x}"; ${script}`;
  return outcomeOf("sh", ["-c", whole], { cwd: world.project, env: { ...world.env, NONO, LC_ALL: "C" } });
}

describe("the surroundings", () => {
  it("without a working directory stop the start", async () => {
    await using world = await makeWorld({ "project/gone/": "" });
    const script = 'cd gone && rmdir ../gone && "$NONO" run -- true';
    const outcome = await throughShell(world, "", script);
    expectOneLine(outcome, 1, /the working directory was deleted: change to another one/);
  });

  itAsUser("that may not be entered or written stop the start", async () => {
    await using world = await makeWorld({ "project/shut/": "" });
    fs.chmodSync(world.at("project/shut"), 0o500);
    expectOneLine(
      await world.nono("run", "--diagnostics-json", "shut/report", ...COMMAND),
      1,
      /shut\/report cannot be written: permission denied/,
    );
    fs.chmodSync(world.at("project/shut"), 0);
    expectOneLine(
      await world.nono("run", "--workdir", "shut", ...COMMAND),
      1,
      /--workdir shut: cannot be looked up: permission denied/,
    );
    fs.chmodSync(world.at("project/shut"), 0o700);
    const shut = 'cd shut && chmod 0 . && "$NONO" run -- true; code=$?; chmod 700 "$PWD"; exit $code';
    expectOneLine(
      await throughShell(world, "", shut),
      1,
      /the working directory .*shut: cannot be looked up: permission denied/,
    );
  });

  it("with a --workdir that is none stop the start", async () => {
    await using world = await makeWorld({ "project/file": "" });
    expectOneLine(
      await world.nono("run", "--workdir", "missing", ...COMMAND),
      1,
      /--workdir missing: no such file/,
    );
    expectOneLine(
      await world.nono("run", "--workdir", "file", ...COMMAND),
      1,
      /--workdir file: it is a file, not a directory$/m,
    );
  });

  it("with a temporary directory that others can use stop the start", async () => {
    await using world = await makeWorld();
    const base = world.at("tmp", `nono-${process.getuid?.()}`);
    fs.mkdirSync(base);
    fs.chmodSync(base, 0o755);
    expectOneLine(await world.nono("run", ...COMMAND), 1, /can be used by others: chmod 700/);
  });
});

describe("the command", () => {
  it("that does not exist is 127, and one that cannot be executed 126", async () => {
    await using world = await makeWorld({
      "project/file": "",
      "project/dir/": "",
      "project/bad": "#!/no/such/interpreter\n",
    });
    fs.chmodSync(world.at("project/bad"), 0o755);
    expectOneLine(await world.nono("run", "--", "no-such-command"), 127, /no such command: no-such-command/);
    expectOneLine(await world.nono("run", "--", "./missing"), 127, /no such command: \.\/missing/);
    expectOneLine(await world.nono("run", "--", "./file"), 126, /cannot execute \.\/file: permission denied/);
    expectOneLine(await world.nono("run", "--", "./dir"), 126, /cannot execute \.\/dir: it is a directory/);
    expectOneLine(await world.nono("run", "--", ""), 127, /no such command: /);
    const interpreter = await world.nono("run", "-v", "--allow-cwd", "--", "./bad");
    expect([126, 127]).toContain(interpreter.code);
    expect(interpreter.stderr).toMatch(/\nnono: [^\n]+\n$/);
    expect(interpreter.stderr).not.toMatch(/\n\s+at /);
  });
});
