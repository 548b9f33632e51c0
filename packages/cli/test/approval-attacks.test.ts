// What a program does to have a yes for something else than the person thinks. Each has its control: the question it hides from
// is asked, and seen for what it is.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itAsRoot, itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { startSession } from "./support/sessions.ts";
import { listed, OUTSIDE, openSupervised, ready } from "./support/supervised.ts";
import { makeWorld, NONO, until } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

describe("a question", () => {
  itOnTerminal(
    "shows names for what they are: right to left, invisible, wide, piled and endless",
    async () => {
      const wide = "文".repeat(60);
      const forged = `x\nprogram     good (1): good\u001b[2J\u001b[1;1H`;
      const hidden = `a\u202e\u2066\u200b\u3164\u2800\u00a0b${"\u0336".repeat(8)}`;
      const names = [forged, hidden, wide];
      await using world = await makeWorld(
        Object.fromEntries(names.map((name) => [`outside/${name}`, "content"])),
      );
      names.forEach((name, index) => {
        fs.writeFileSync(world.at(`project/${index}`), world.at("outside", name));
      });
      // `exec -a` of dash is none; a link of that name is.
      fs.symlinkSync("/bin/sh", world.at("project/s\u202eh\u200b"));
      const long = "y".repeat(3000);
      const reads = names.map(
        (_, index) => `read line; cat "$(cat ${index})" '${long}' || echo refused ${index}`,
      );
      const script = `printf '\\033]0;nono: may\\007'; echo ready; ${reads.join("; ")}; echo over`;
      await using tmux = openSupervised(world, [], ["./s\u202eh\u200b", "-c", script]);
      await ready(tmux);
      const shown: string[] = [];
      for (const index of names.keys()) {
        tmux.press("Enter");
        const lines = await tmux.shows("may cat read this");
        shown.push(lines.join("\n"));
        expect(lines[0]).toBe("nono: may cat read this, outside of what it was granted?");
        expect(lines.filter((line) => line.startsWith("program  "))).toHaveLength(1);
        expect(lines.filter((line) => /^ {2}y {2}allow once$/.test(line))).toHaveLength(1);
        expect(lines.find((line) => line.startsWith("started by"))).toContain("s\\u{202e}h\\u{200b}");
        tmux.type("n");
        if (index < 2) await tmux.shows(`refused ${index}`);
      }
      expect(shown[0]).toContain("x\\nprogram");
      expect(shown[0]?.replaceAll(/\n {12}/g, "")).toContain("good\\e[2J\\e[1;1H");
      const second = shown[1]?.replaceAll(/\n {12}/g, "") ?? "";
      expect(second).toContain("a\\u{202e}\\u{2066}\\u{200b}\\u{3164}\\u{2800}\\u{a0}b");
      expect(second).toContain("\\u{336}".repeat(4));
      expect(shown[2]).toContain("文".repeat(20));
      for (const one of shown) expect(one).toMatch(/\.\.\.\([0-9]+\)\.\.\./); // the endless argument
    },
  );

  it("whose program is gone is answered by nobody, and its id is not another's", async () => {
    await using world = await makeWorld(OUTSIDE);
    const ask = (name: string) => `cat ${world.at("outside", name)}`;
    const script = `until [ -e go ]; do sleep 0.01; done; ${ask("a")} & read line < gone; kill -9 $!; wait $!;
      for i in $(seq 40); do ${ask("b")} & done; wait; echo over`;
    spawnSync("mkfifo", [world.at("project/gone")]);
    await using session = await startSession(world, script, "--supervised", "--approval-timeout", "20");
    await listed(world); // who looks may answer
    fs.writeFileSync(world.at("project/go"), "");
    let first = await listed(world);
    while (first.length === 0) first = await listed(world);
    const id = String(first[0]?.id);
    fs.writeFileSync(world.at("project/gone"), "\n");
    let next = await listed(world);
    const isGone = () => !next.some((one) => one.path === world.at("outside/a"));
    while (next.length < 40 || !isGone()) next = await listed(world);
    expect(next.map((one) => one.id)).not.toContain(id);
    const late = await world.nono("approvals", "allow", id);
    expect(late).toMatchObject({ code: 1 });
    expect(late.stderr).toContain(id);
    expect(await listed(world)).toHaveLength(40);
    await world.nono("approvals", "deny", String(next[0]?.id));
    expect(await session.ended).toBe(0);
    expect(session.said()).not.toContain("content of");
  });

  itAsRoot("cannot be answered by another user, nor by root for another", async () => {
    await using world = await makeWorld(OUTSIDE);
    const asOther = (command: readonly string[]) =>
      world.bare("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--", ...command);
    const script = `until [ -e go ]; do sleep 0.01; done; cat ${world.at("outside/a")}`;
    await using session = await startSession(world, script, "--supervised", "--approval-timeout", "30");
    await listed(world);
    fs.writeFileSync(world.at("project/go"), "");
    let waiting = await listed(world);
    while (waiting.length === 0) waiting = await listed(world);
    const id = String(waiting[0]?.id);
    // Whatever is opened to the other user, the socket itself asks the kernel who connects.
    for (const place of ["", "home", "home/.local", "home/.local/state", "home/.local/state/nono"])
      fs.chmodSync(world.at(place), 0o755);
    fs.chmodSync(`${session.directory}/..`, 0o755);
    fs.chmodSync(session.directory, 0o755);
    for (const file of fs.readdirSync(session.directory)) fs.chmodSync(`${session.directory}/${file}`, 0o777);
    const key = fs.readFileSync(`${session.directory}/control.key`, "latin1");
    const message = JSON.stringify({ do: "answer-request", key, id, decision: { kind: "allow-once" } });
    const talk = `require("node:net").connect(process.argv[1]).on("data", (told) => console.log("told", String(told)))
      .on("error", (error) => console.log(error.code)).on("close", () => console.log("closed")).write(process.argv[2] + "\\n")`;
    const said = [process.execPath, "-e", talk, `${session.directory}/control.sock`, message];
    const outcome = await asOther(said);
    expect(outcome.stdout).not.toContain("told");
    expect(outcome.stdout).toContain("closed");
    fs.chmodSync(`${session.directory}/..`, 0o700);
    fs.chmodSync(session.directory, 0o700);
    expect(await listed(world)).toHaveLength(1);
    expect((await world.bare("timeout", "5", ...said)).stdout).toContain('told {"is":"settled"'); // control
    expect(await session.ended).toBe(0);
  });

  it("is not put by a nono inside, which says that it goes without", async () => {
    await using world = await makeWorld(OUTSIDE);
    const inner = `${NONO} run --supervised --allow-cwd -- cat ${world.at("outside/a")}`;
    const script = `export HOME=$PWD/inner; mkdir inner work; cd work; ${inner}; echo "inner $?"`;
    const options = ["--allow-cwd", "--read", NONO.slice(0, NONO.lastIndexOf("/"))];
    const outcome = await world.nono("run", ...options, "--", "sh", "-c", script);
    expect(outcome.stdout).not.toContain("content of");
    expect(outcome.stdout).toMatch(/inner [1-9]/);
    expect(outcome.stderr).toMatch(/another sandbox|a supervisor already|sandbox/);
  });
});

it("a hundred questions in as many directories are a hundred, and ^C ends them all", async () => {
  await using world = await makeWorld({ "outside/": "" });
  for (let index = 0; index < 100; index++) {
    fs.mkdirSync(world.at(`outside/${index}`));
    fs.writeFileSync(world.at(`outside/${index}/file`), "content");
  }
  const many = `for i in $(seq 0 99); do cat ${world.at("outside")}/$i/file & done; wait`;
  const script = `until [ -e go ]; do sleep 0.01; done; ${many}`;
  await using session = await startSession(world, script, "--supervised", "--approval-timeout", "30");
  await listed(world);
  fs.writeFileSync(world.at("project/go"), "");
  let waiting = await listed(world);
  while (waiting.length < 100) waiting = await listed(world);
  expect(new Set(waiting.map(({ id }) => id)).size).toBe(100);
  // One yes is for that one, and not for its neighbours.
  expect((await world.nono("approvals", "allow", String(waiting[7]?.id))).code).toBe(0);
  await until(() => session.said().includes("content"));
  expect(await listed(world)).toHaveLength(99);
  session.nono.kill("SIGINT");
  await session.ended;
  expect(session.said().match(/content/g)).toHaveLength(1);
});
