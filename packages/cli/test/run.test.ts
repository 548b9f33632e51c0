import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { leftBySessions, makeWorld, NONO, outcomeOf } from "./support/world.ts";

describe("nono run", () => {
  it("lets a command write what is granted and not read what is not", async () => {
    await using world = await makeWorld({ "home/secret": "s", "other/": "" });
    const attack = `echo w > made; cat ${world.home}/secret; echo o > ${world.at("other")}/made`;
    const confined = await world.nono("run", "--allow-cwd", "--", "sh", "-c", attack);
    expect(confined.stdout).toBe("");
    expect(confined.stderr).toContain("Permission denied");
    expect(fs.readdirSync(world.project)).toEqual(["made"]);
    expect(fs.readdirSync(world.at("other"))).toEqual([]);
    expect(await world.bare("sh", "-c", attack)).toMatchObject({ code: 0, stdout: "s" }); // control
  });

  it("gives the command's own exit code, 128 + signal, 126 and 127", async () => {
    await using world = await makeWorld({ "project/not-executable": "" });
    const run = async (...command: string[]) =>
      (await world.nono("-s", "run", "--allow-cwd", ...command)).code;
    expect(await run("true")).toBe(0);
    expect(await run("--", "sh", "-c", "exit 42")).toBe(42);
    expect(await run("--", "sh", "-c", "kill -TERM $$")).toBe(143);
    expect(await run("--", "sh", "-c", "kill -KILL $$")).toBe(137);
    expect(await run("./not-executable")).toBe(126);
    expect(await run("no-such-command")).toBe(127);
  });

  it("passes streams, arguments and the working directory on as they are", async () => {
    await using world = await makeWorld({ "project/deep/": "" });
    const script = 'cat; printf "%s|" "$@"; pwd; echo err >&2';
    const args = [
      "run",
      "-s",
      "--allow-cwd",
      "--workdir",
      "deep",
      "--",
      "sh",
      "-c",
      script,
      "x",
      "a b",
      "",
      "*",
    ];
    expect(await world.nonoWith({ input: "in\n" }, ...args)).toEqual({
      code: 0,
      signal: null,
      stdout: `in\na b||*|${world.project}/deep\n`,
      stderr: "err\n",
    });
  });

  it("has nothing of its own in the place of a stream that was closed", async () => {
    await using world = await makeWorld();
    for (const verb of ["run", "wrap"]) {
      const look = (closed: string, descriptor: number) =>
        world.bare(
          "sh",
          "-c",
          `${NONO} ${verb} -s -- sh -c 'readlink /proc/self/fd/${descriptor}' ${closed}`,
        );
      expect((await look("<&-", 0)).stdout).toBe("/dev/null\n");
      expect((await look("2>&-", 2)).stdout).toBe("/dev/null\n");
    }
  });

  it("reads and executes the command's own file and interpreter without a grant, and nothing beside them", async () => {
    await using world = await makeWorld({
      "tools/script": "#!/bin/sh\ncat $(dirname $0)/data",
      "tools/data": "d",
    });
    fs.chmodSync(world.at("tools/script"), 0o755);
    const outcome = await world.nono("run", "--", world.at("tools/script"));
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain(`nono: ${world.at("tools/script")} may have missed its own files`);
    expect(outcome.stderr).toContain(`--read ${world.at("tools")}\n`);
    expect(await world.nono("run", "--read", world.at("tools"), world.at("tools/script"))).toMatchObject({
      code: 0,
      stdout: "d",
    });
  });

  it.each([
    ["a link with the name of another program but for a blank", (at: string) => `#!${at}/link\f`],
    [
      "a word that another program is the command before",
      (at: string) => `#!/usr/bin/env -S -u ${at}/private sh`,
    ],
    ["an env of its own", (at: string) => `#!${at}/env ${at}/private`],
  ])(
    "reads no other file because a script, as the kernel does not take it, is run by it: %s",
    async (_, lineFor) => {
      await using world = await makeWorld({ "project/": "", "home/private": "#!/bin/sh\n# secret\n" });
      const print = `cat ${world.at("home/private")}`;
      fs.chmodSync(world.at("home/private"), 0o755);
      for (const name of ["private", "link"])
        fs.symlinkSync(world.at("home/private"), world.at(`project/${name}`));
      const scripts = { "link\f": "#!/bin/sh", env: "#!/bin/sh", tool: lineFor(world.project) };
      for (const [name, line] of Object.entries(scripts))
        fs.writeFileSync(world.at(`project/${name}`), `${line}\n${print}\n`, { mode: 0o755 });

      expect((await world.bare("./tool")).stdout).toContain("# secret"); // the control: it is started, and reads it
      for (const verb of ["run", "wrap"]) {
        const { stdout, stderr } = await world.nono(verb, "--read", world.project, "--", "./tool");
        expect([stdout, stderr]).toEqual(["", expect.stringMatching(/private.*: Permission denied/)]);
      }
    },
  );

  it("says which profile grants what a program has missed piece by piece, as the proxies of rustup do", async () => {
    const files = {
      "home/.cargo/bin/rustup": "#!/bin/sh\ncat ~/.rustup/settings.toml",
      "home/.rustup/settings.toml": "s",
    };
    await using world = await makeWorld(files);
    fs.chmodSync(world.at("home/.cargo/bin/rustup"), 0o755);
    fs.symlinkSync("rustup", world.at("home/.cargo/bin/cargo"));
    const cargo = world.at("home/.cargo/bin/cargo");
    const hinted = async (...words: string[]) =>
      (await world.nono(...words, "--", cargo)).stderr
        .split("\n")
        .filter((line) => /--profile|NAME|--read /.test(line));

    expect(await hinted("run")).toEqual([
      "nono: the profile rust-dev grants such things: --profile rust-dev",
    ]);
    expect(await hinted("wrap")).toEqual([
      `nono: ${cargo} may miss what the profile rust-dev grants: --profile rust-dev`,
    ]);
    expect(await hinted("run", "--profile", "python-dev")).toEqual([
      "nono: the group rust_runtime grants such things: include it in a profile, nono profile init --extends python-dev NAME",
    ]);
    for (const verb of ["run", "wrap"]) {
      const granted = await world.nono(verb, "--profile", "rust-dev", "--", cargo);
      expect([granted.code, granted.stdout]).toEqual([0, "s"]);
      expect(granted.stderr).not.toMatch(/miss|grants such/);
    }
  });

  it("takes as many arguments as the kernel", async () => {
    await using world = await makeWorld();
    for (const verb of ["run", "wrap"]) {
      const words = `${NONO} ${verb} -s -- sh -c 'echo $#' sh $(seq 100000)`;
      expect(await world.bare("sh", "-c", words)).toMatchObject({ code: 0, stdout: "100000\n" });
    }
  });

  it("leaves nothing of its session behind, whatever the command left in it", async () => {
    await using world = await makeWorld();
    const mess =
      'mkdir -p "$TMPDIR/a/b"; echo x > "$TMPDIR/a/b/c"; mkfifo "$TMPDIR/f"; ln -s / "$TMPDIR/l"; echo "$TMPDIR"';
    const { stdout } = await world.nono("run", "--", "sh", "-c", mess);
    expect(stdout).toMatch(new RegExp(`^${world.at("tmp")}/nono-[0-9]+/[0-9]+-[0-9]+-[0-9]+/tmp\n$`));
    expect(leftBySessions(world)).toEqual([]);
  });

  it("gives every session a temporary directory of its own, that others cannot enter", async () => {
    await using world = await makeWorld();
    const first = world.start(
      "run",
      "--",
      "sh",
      "-c",
      'echo mine > "$TMPDIR/x"; echo "$TMPDIR/x"; exec sleep 60',
    );
    const [line] = await new Promise<string[]>((resolve) =>
      first.stdout?.once("data", (data) => resolve(`${data}`.split("\n"))),
    );
    const attack = ["sh", "-c", `cat ${line}`];
    expect(await world.nono("run", "--", ...attack)).toMatchObject({ code: 1, stdout: "" });
    expect(await world.bare(...(attack as [string]))).toMatchObject({ stdout: "mine\n" }); // control
    first.kill();
  });

  it("narrows --allow-cwd to directories below", async () => {
    await using world = await makeWorld({ "project/src/": "", "project/notes": "n" });
    const script = "echo a > src/a && cat notes";
    const outcome = await world.nono("run", "--allow-cwd/src", "--", "sh", "-c", script);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(world.read("project/src/a")).toBe("a\n");
  });

  it("does not follow a link that leads a subdirectory out of the working directory", async () => {
    await using world = await makeWorld({ "elsewhere/secret": "s" });
    fs.symlinkSync(world.at("elsewhere"), world.at("project/src"));
    const outcome = await world.nono("run", "--allow-cwd/src", "--", "cat", "src/secret");
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(/^nono: --allow-cwd\/src leads out of the working directory/);
    const named = await world.nono("run", "--allow", "src", "--", "cat", "src/secret");
    expect(named).toMatchObject({ code: 0, stdout: "s" }); // control: named as it is, and shown before the start
  });

  it("skips a grant whose path is missing, and says so", async () => {
    await using world = await makeWorld();
    const outcome = await world.nono("run", "--read", "no-such-directory", "--", "echo", "fine");
    expect(outcome).toMatchObject({ code: 0, stdout: "fine\n" });
    expect(outcome.stderr.replace(/\s+/g, " ")).toContain(
      "skipped --read no-such-directory (no such file or directory)",
    );
    const below = await world.nono("run", "--allow-cwd/none", "--", "echo", "fine");
    expect(below.stderr.replace(/\s+/g, " ")).toContain(
      `skipped --allow-cwd/none ${world.at("project/none")} (no such file or directory)`,
    );
  });
});

describe("nono wrap", () => {
  it("becomes the command: the same process, in a pipe", async () => {
    await using world = await makeWorld();
    const script = `echo in | ${NONO} wrap -s --allow-cwd -- cat | cat; exec ${NONO} wrap -s -- sh -c 'echo $$'`;
    const shell = spawn("sh", ["-c", `echo $$; ${script}`], { cwd: world.project, env: world.env });
    let said = "";
    shell.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await once(shell, "close");
    expect(said).toBe(`${shell.pid}\nin\n${shell.pid}\n`);
  });

  it("holds what it grants and refuses as run does", async () => {
    await using world = await makeWorld({ "home/secret": "s" });
    const script = `echo w > made; cat ${world.home}/secret`;
    expect(await world.nono("wrap", "--allow-cwd", "--", "sh", "-c", script)).toMatchObject({
      code: 1,
      stdout: "",
    });
    expect(world.read("project/made")).toBe("w\n");
    expect(await world.nono("-s", "wrap", "no-such-command")).toMatchObject({ code: 127, stderr: "" });
  });
});

describe("a program whose further files lie outside the grants", () => {
  it("gets a word about the option that grants them: under wrap before the start", async () => {
    await using world = await makeWorld({
      "tools/script": "#!/bin/sh\ncat $(dirname $0)/data",
      "tools/data": "d",
    });
    fs.chmodSync(world.at("tools/script"), 0o755);
    const line = `--read ${world.at("tools")}\n`;
    expect((await world.nono("wrap", world.at("tools/script"))).stderr).toContain(line);
    const granted = await world.nono("wrap", "--read", world.at("tools"), world.at("tools/script"));
    expect(granted).toMatchObject({ code: 0, stdout: "d" });
    expect(granted.stderr).not.toContain(line);
  });
});

describe("nono shell", () => {
  it("starts the user's shell", async () => {
    await using world = await makeWorld({ "home/secret": "s" });
    const outcome = await world.nonoWith(
      { env: { SHELL: "/bin/sh" }, input: `echo $0; cat ${world.home}/secret\n` },
      "shell",
      "-s",
    );
    expect(outcome).toMatchObject({ code: 1, stdout: "/bin/sh\n" });
  });

  it("gives the shell's exit code and its arguments", async () => {
    await using world = await makeWorld();
    const shell = (...args: string[]) =>
      world.nonoWith({ env: { SHELL: "/bin/sh" } }, "shell", "-s", "--", "-c", ...args);
    expect(await shell('echo "$1"; exit 9', "sh", "a b")).toMatchObject({ code: 9, stdout: "a b\n" });
    expect(await shell("kill -TERM $$")).toMatchObject({ code: 143 });
  });

  itWhere(fs.existsSync("/bin/bash"), "/bin/bash")(
    "keeps no history, and so does not report that it could not",
    async () => {
      await using world = await makeWorld({ "home/.bash_history": "typed\n" });
      const options = { env: { SHELL: "/bin/bash" }, input: 'echo "$HISTFILE"; exit\n' };
      const shell = await world.nonoWith(options, "shell", "--", "-i");
      expect(shell.stdout).toBe("/dev/null\n");
      expect(shell.stderr).not.toContain("bash_history");
      expect(world.read("home/.bash_history")).toBe("typed\n");
      const own = { ...options, env: { ...options.env, HISTFILE: world.at("project/h") } };
      expect((await world.nonoWith(own, "shell", "-s", "--", "-i")).stdout).toBe(`${world.project}/h\n`);
      const control = await world.nonoWith(options, "run", "--", "/bin/bash", "-i");
      expect(control.stderr).toContain("bash_history");
    },
  );
});

describe("the same code under Node.js", () => {
  const NODE = [process.execPath, fileURLToPath(new URL("../bin/nono.mjs", import.meta.url))] as const;

  it.each(["run", "wrap"])("confines and passes everything on under %s", async (mode) => {
    await using world = await makeWorld({ "home/secret": "s" });
    const script = `cat; echo w > made; cat ${world.home}/secret; echo err >&2; exit 5`;
    const args = [NODE[1], mode, "-s", "--allow-cwd", "--", "sh", "-c", script];
    const outcome = await outcomeOf(NODE[0], args, { cwd: world.project, env: world.env, input: "in\n" });
    expect(outcome).toMatchObject({ code: 5, stdout: "in\n" });
    expect(outcome.stderr).toMatch(/denied[^\n]*\nerr\n$/);
    expect(world.read("project/made")).toBe("w\n");
  });
});

describe("nono run inside a sandbox that has a supervisor", () => {
  it("says so and goes without where the policy needs nothing of it", async () => {
    await using world = await makeWorld({ "project/file": "f" });
    const inner = `${NONO} run --read . -- cat file`;
    const { stdout, stderr } = await world.nono(
      "run",
      "--allow-cwd",
      "--read",
      path.dirname(NONO),
      "--",
      "sh",
      "-c",
      inner,
    );
    expect(stdout).toBe("f");
    expect(stderr).toContain(
      "nono: the sandbox around this one has the only supervisor there can be: this session goes without",
    );
  });

  it("does not start what needs one", async () => {
    await using world = await makeWorld({});
    const inner = `${NONO} run --allow-unix-socket /run/x -- true`;
    const { stderr } = await world.nono(
      "run",
      "--allow-cwd",
      "--read",
      path.dirname(NONO),
      "--",
      "sh",
      "-c",
      `${inner}; echo $? >&2`,
    );
    expect(stderr).toContain("nono: protection unix-sockets is not available");
    expect(stderr).toContain("\n1\n");
  });
});
