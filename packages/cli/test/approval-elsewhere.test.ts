// nono approvals: answers from another terminal, and what happens where there is none.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux, openTmux } from "../../core/test/support/tmux.ts";
import { listed, OUTSIDE, openSupervised, reader, ready } from "./support/supervised.ts";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");
const [major = 0, minor = 0] = os.release().split(".").map(Number);
/** SO_PEERPIDFD. */
const hasPeerHandles = major > 6 || (major === 6 && minor >= 5);

describe("another terminal", () => {
  itOnTerminal("sees what waits, and its answer counts when it is the first", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a", "b", "c", "c"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    const [request] = await listed(world);
    expect(request).toMatchObject({ access: "read", path: world.at("outside/a"), process: { name: "cat" } });
    expect(request?.session).toMatch(/^[0-9]{8}-[0-9]{6}-[0-9]+$/);
    const id = String(request?.id);
    expect(await world.nono("approvals", "allow", id)).toMatchObject({ code: 0 });
    await tmux.shows("allowed once, from another terminal (process");
    const second = await world.nono("approvals", "deny", id);
    expect(second).toMatchObject({ code: 1 });
    expect(second.stderr).toMatch(/was answered already: allowed once, from another terminal/);
    tmux.type("n"); // any key goes on
    await tmux.shows("content of a");

    tmux.press("Enter");
    await tmux.shows("outside/b");
    const [next] = await listed(world);
    tmux.type("n");
    await tmux.shows("refused b");
    const late = await world.nono("approvals", "allow", String(next?.id));
    expect(late).toMatchObject({ code: 1 });
    expect(late.stderr).toContain("denied, on its own terminal");

    tmux.press("Enter");
    await tmux.shows("outside/c");
    const [last] = await listed(world);
    const always = await world.nono("approvals", "allow", String(last?.id), "--always");
    expect(always.stderr).toContain(`+ filesystem.read_file: ${world.at("outside/c")}`);
    await tmux.shows("added to the profile");
    tmux.type("x");
    await tmux.shows("content of c");
    expect(await listed(world)).toEqual([]);
  });

  itWhere(hasTmux && hasPeerHandles, "tmux, Linux 6.5")(
    "is recorded, with the command that was typed there; and one that is none, too",
    async () => {
      await using world = await makeWorld(OUTSIDE);
      await using tmux = openSupervised(world, [], reader(world, "a", "b"));
      await ready(tmux);
      tmux.press("Enter");
      await tmux.shows("may cat read this");
      const [request] = await listed(world);
      const env = { ...world.env, TERM: "screen" };
      const said = [
        "sh",
        "-c",
        'tty > tty; "$@"; read line',
        "sh",
        NONO,
        "approvals",
        "allow",
        String(request?.id),
      ];
      await using other = openTmux(said, { cwd: world.project, env });
      await other.shows(/allowed\s+once,\s+from\s+another\s+terminal/);
      const terminal = world.read("project/tty").trim();
      await tmux.shows(`on ${terminal})`);
      tmux.type("x");
      await tmux.shows("content of a");
      tmux.press("Enter");
      await tmux.shows("outside/b");
      const [next] = await listed(world);
      const deny = ["approvals", "deny", String(next?.id)];
      expect(await world.bare("setsid", "--wait", NONO, ...deny)).toMatchObject({ code: 0 });
      tmux.type("x");
      await tmux.shows("exit 0");

      const { events } = JSON.parse((await world.nono("audit", "show", "--json")).stdout);
      const answers = events.filter(({ kind }: { kind: string }) => kind === "answered");
      const uid = process.getuid?.();
      expect(answers.map(({ by }: { by: unknown }) => by)).toMatchObject([
        { who: "process", uid, terminal, command: [NONO, "approvals", "allow", request?.id] },
        { who: "process", uid, terminal: null, command: [NONO, ...deny] },
      ]);
      for (const view of [await world.nono("audit", "show"), await world.nono("logs")]) {
        expect(view.stdout).toMatch(
          new RegExp(`process [0-9]+ of user ${uid} on ${terminal}: [^ ]+ approvals allow ${request?.id}`),
        );
        expect(view.stdout).toMatch(/process [0-9]+ of user [0-9]+ without a terminal: .* approvals deny/);
      }
    },
  );

  itOnTerminal("is out of reach from inside", async () => {
    await using world = await makeWorld(OUTSIDE);
    const inside = `${NONO} approvals list; env -u NONO_CAP_FILE ${NONO} approvals list --json`;
    const script = `${inside}; until [ -s key ]; do sleep 0.01; done; cat "$(cat key)"; echo over`;
    await using tmux = openSupervised(world, ["--read", path.dirname(NONO)], ["sh", "-c", script]);
    await tmux.shows(/cannot\s+be\s+read/);
    const sessions = world.at("home/.local/state/nono/sessions");
    const key = path.join(sessions, fs.readdirSync(sessions)[0] ?? "", "control.key");
    expect(fs.readFileSync(key, "latin1")).toMatch(/^[0-9a-f]{64}$/); // control: outside it can be read
    fs.writeFileSync(world.at("project/key"), key);
    await tmux.shows(/^over$/m);
    const seen = tmux.lines().join("\n");
    expect(seen).toContain("nono: in a sandbox: approvals are given from outside");
    expect(seen).toMatch(/control\.key:\s+Permission\s+denied/);
    expect(seen).not.toContain('"session"');
  });
});

describe("without a terminal", () => {
  it("everything is denied at once, and it is said how to be asked", async () => {
    await using world = await makeWorld(OUTSIDE);
    // Whoever waited for an answer would wait longer than the test does.
    const patience = ["--approval-timeout", "86400"];
    const options = ["--supervised", ...patience, "--diagnostics-json", world.at("report.json")];
    const outcome = await world.nono("run", ...options, "--", "cat", world.at("outside/a"));
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain("1 denied because nobody could be asked");
    expect(outcome.stderr).toContain(`--read-file ${world.at("outside/a")}`);
    expect(outcome.stderr).toContain("asked    nobody could be asked");
    expect(refusers(world)).toEqual({ a: ["nobody"] });
  });

  it("a profile can ask for questions, as the option does", async () => {
    const profile = JSON.stringify({ extends: "default", security: { capability_elevation: true } });
    await using world = await makeWorld({ ...OUTSIDE, "home/.config/nono/profiles/asks.json": profile });
    const outcome = await world.nono("run", "-p", "asks", "--", "cat", world.at("outside/a"));
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain("1 denied because nobody could be asked");
  });

  it("who watches is asked", async () => {
    await using world = await makeWorld(OUTSIDE);
    const watcher = world.start("approvals", "watch", "--json");
    let said = "";
    watcher.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    const script = `until [ -e go ]; do sleep 0.01; done; cat ${world.at("outside/a")}; cat ${world.at("outside/b")}`;
    const options = ["--supervised", "--allow-cwd", "--diagnostics-json", world.at("report.json")];
    const run = world.nono("run", ...options, "--", "sh", "-c", script);
    // It has found the session when it is told about it: before, nobody is there.
    await until(() => isConnected(watcher.pid as number));
    fs.writeFileSync(world.at("project/go"), "");
    await until(() => said.includes("\n"));
    const { id } = JSON.parse(said.split("\n")[0] ?? "");
    expect((await world.nono("approvals", "allow", id)).code).toBe(0);
    await until(() => said.split("\n").length >= 3);
    const next = JSON.parse(said.split("\n")[1] ?? "");
    expect((await world.nono("approvals", "deny", next.id)).code).toBe(0);
    expect(await run).toMatchObject({ code: 1, stdout: "content of a" });
    expect(refusers(world)).toEqual({ b: ["other-terminal"] });
    watcher.kill();
  });
});

/** Whose no it was, by the name of the file. */
function refusers(world: World): Readonly<Record<string, readonly string[]>> {
  type Report = { denials: { subject: { path: string }; refusedBy: string[] }[] };
  const { denials } = JSON.parse(world.read("report.json")) as Report;
  return Object.fromEntries(
    denials.map(({ subject, refusedBy }) => [path.basename(subject.path), refusedBy]),
  );
}

/** Whether it has a connected unix socket beside its standard streams (proc_net(5), unix: state 03). Others have theirs. */
function isConnected(pid: number): boolean {
  const own = fs
    .readdirSync(`/proc/${pid}/fd`)
    .filter((descriptor) => Number(descriptor) > 2)
    .flatMap((descriptor) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? []);
  const lines = fs.readFileSync("/proc/net/unix", "utf8").split("\n");
  const inodes = lines.flatMap((line) => / 03 +([0-9]+)/.exec(line)?.[1] ?? []);
  return own.some((inode) => inodes.includes(inode));
}

/** Empty for one that was closed meanwhile. */
function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return "";
  }
}
