import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO } from "./support/world.ts";

const files = { "home/.ssh/id_ed25519": "key", "project/src/a": "", "elsewhere/b": "" };

describe("nono why", () => {
  it("names the rule that allows, and who asked for it", async () => {
    await using world = await makeWorld(files);
    const { code, stdout } = await world.nono("why", "--path", "src/a", "--op", "write", "--allow-cwd");
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toBe(
      `allowed: write ${world.project}/src/a because ${world.project} is granted for read+write by --allow-cwd `,
    );
  });

  it("names what is missing, and the option that would grant just that", async () => {
    await using world = await makeWorld(files);
    const ask = async (path: string, op: string, ...grants: string[]) => {
      const { code, stdout } = await world.nono("why", "--json", "--path", path, "--op", op, ...grants);
      return { code, ...JSON.parse(stdout) };
    };
    expect(await ask(world.at("elsewhere/b"), "read")).toMatchObject({
      code: 1,
      status: "denied",
      because: "no grant covers it",
      change: `--read-file ${world.at("elsewhere/b")}`,
    });
    expect(await ask(world.at("elsewhere"), "readwrite", "--read", world.at("elsewhere"))).toMatchObject({
      code: 1,
      because: `${world.at("elsewhere")} is granted for read only, by --read`,
      change: `--allow ${world.at("elsewhere")}`,
    });
    expect(await ask(world.at("elsewhere/new"), "write")).toMatchObject({
      change: `--write ${world.at("elsewhere")}`,
    });
    expect(await ask("~/.ssh/id_ed25519", "read", "--allow-cwd")).toMatchObject({
      code: 1,
      question: `read ${world.home}/.ssh/id_ed25519`,
    });
  });

  it("names the denial, and the option that lifts it: which then is enough", async () => {
    await using world = await makeWorld(files);
    const key = `${world.home}/.ssh/id_ed25519`;
    const { code, stdout } = await world.nono("why", "--json", "--path", key, "--op", "read");
    const answer = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(answer).toMatchObject({ source: "group:deny_credentials", rule: `${world.home}/.ssh` });
    const options: string[] = answer.change.split(" ");
    expect((await world.nono("why", "--path", key, "--op", "read", ...options)).code).toBe(0);
    expect(await world.nono("run", "-s", ...options, "--", "cat", key)).toMatchObject({
      code: 0,
      stdout: "key",
    });
    expect(await world.nono("run", "-s", "--", "cat", key)).toMatchObject({ code: 1, stdout: "" }); // control
  });

  it("answers for the network and for commands", async () => {
    await using world = await makeWorld();
    const host = ["why", "--host", "example.com", "--port", "443"];
    expect((await world.nono(...host)).code).toBe(0);
    expect((await world.nono(...host, "--allow-connect-port", "443")).code).toBe(0);
    expect(await world.nono(...host, "--block-net")).toMatchObject({
      code: 1,
      stdout:
        "denied: connect to example.com port 443\n  because   --block-net blocks the network\n  to allow  --allow-connect example.com:443\n",
    });
    expect((await world.nono(...host, "--allow-connect-port", "80")).code).toBe(1);
    expect((await world.nono("why", "--host", "*", "--port", "443", "--block-net")).stdout).toContain(
      "to allow  --allow-connect-port 443\n",
    );
    expect((await world.nono("why", "--command", "ls")).code).toBe(0);
    expect(await world.nono("why", "--command", "rm")).toMatchObject({
      code: 1,
      stdout:
        "denied: start rm\n  because   group:dangerous_commands blocks the command rm\n  to allow  --allow-command rm\n",
    });
    expect((await world.nono("why", "--command", "rm", "--allow-command", "rm")).code).toBe(0);
    expect((await world.nono("why", "--command", "no-such-command")).stdout).toContain(
      "there is no such command",
    );
  });

  it("--self answers inside, as the same question outside", async () => {
    await using world = await makeWorld(files);
    const inside = (...question: string[]) =>
      world.nono("run", "-s", "--allow-cwd", "--", NONO, "why", "--self", "--json", ...question);
    for (const question of [
      ["--path", "src/a", "--op", "write"],
      ["--path", "/etc/passwd", "--op", "read"],
      ["--path", "/etc/passwd", "--op", "write"],
      ["--path", `${world.home}/.ssh/id_ed25519`, "--op", "read"],
      ["--host", "example.com", "--port", "1"],
      ["--command", "rm"],
    ]) {
      const outside = await world.nono("why", "--json", "--allow-cwd", ...question);
      const answer = await inside(...question);
      expect({ ...answer, stdout: JSON.parse(answer.stdout) }).toEqual({
        ...outside,
        stdout: { ...JSON.parse(outside.stdout) },
      });
    }
  });

  it("--self believes nothing that is not of its form", async () => {
    await using world = await makeWorld({
      "project/other.json": '{ "format": 1 }',
      "project/no.json": "\u001b[31m",
    });
    const self = (env: Record<string, string>) =>
      world.nonoWith({ env }, "why", "--self", "--path", "/etc", "--op", "read");
    expect(await self({})).toMatchObject({
      code: 1,
      stderr: "nono: not in a sandbox: NONO_CAP_FILE is not set\n",
    });
    for (const file of ["other.json", "no.json", "missing.json", "."])
      expect(await self({ NONO_CAP_FILE: world.at("project", file) })).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(
          /^nono: NONO_CAP_FILE \S+ does not describe a sandbox: [^\n\u001b]+\n$/,
        ),
      });
  });
});

describe("the description of a sandbox", () => {
  it("can be read inside and not written", async () => {
    await using world = await makeWorld();
    const script =
      'head -c 1 "$NONO_CAP_FILE"; echo x > "$NONO_CAP_FILE"; mv "$NONO_CAP_FILE" x; echo > "$NONO_CAP_FILE.x"';
    const outcome = await world.nono("run", "--allow-command", "mv", "--allow-cwd", "--", "sh", "-c", script);
    expect(outcome.stdout).toBe("{");
    expect(outcome.stderr.match(/denied/gi)?.length).toBeGreaterThanOrEqual(3);
  });

  it("is an answer: without --json, too, --dry-run prints it on standard output", async () => {
    await using world = await makeWorld(files);
    const outcome = await world.nono("run", "--dry-run", "--allow-cwd", "--", "touch", "x");
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^profile default\n {2}command\n {4}\/\S+ {2}touch x\n/);
  });

  it("is what --dry-run --json prints, and nothing is started or left", async () => {
    await using world = await makeWorld(files);
    const outcome = await world.nono(
      "run",
      "--dry-run",
      "--json",
      "--allow-cwd",
      "--block-net",
      "--",
      "touch",
      "x",
    );
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const plan = JSON.parse(outcome.stdout);
    expect(plan).toMatchObject({
      format: 1,
      profile: "default",
      network: { mode: "none" },
      networkSource: "--block-net",
      command: { argv: ["touch", "x"], cwd: world.project },
    });
    expect(plan.grants).toContainEqual({
      path: world.project,
      kind: "directory",
      access: "read+write",
      source: "--allow-cwd",
    });
    expect(
      plan.landlock.rules.find((rule: { path: string }) => rule.path === world.project).rights,
    ).toContain("MAKE_REG");
    expect(plan.protections.map(({ name }: { name: string }) => name)).toContain("file-grants");
    expect(JSON.stringify(plan)).not.toContain(process.env.PATH ?? "-"); // names of variables, no values
    expect(fs.readdirSync(world.project)).toEqual(["src"]);
  });
});
