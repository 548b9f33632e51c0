// nono's own files, where something else lies in their place, or nothing more can be opened: what is said, and that it ends.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { makeWorld, NONO, type World } from "./support/world.ts";

const words = (text: string) => text.replaceAll(/\s+/g, " ");
const run = (world: World) => world.nono("--silent", "run", "--rollback", "--allow-cwd", "--", "true");

it("tells what is no regular file by its path, and waits for nobody to write into it", async () => {
  await using world = await makeWorld();
  await run(world);
  const [{ session_id: id }] = JSON.parse((await world.nono("ps", "--all", "--json")).stdout);
  for (const [place, ...command] of [
    [`audit/sessions/${id}.jsonl`, "audit", "show", id],
    [`audit/sessions/${id}.jsonl`, "audit", "list"],
    [`audit/head`, "audit", "verify", "--all"],
    [`sessions/${id}/session.json`, "ps", "--all"],
    [`snapshots/sessions/${id}/session.json`, "rollback", "show", id],
  ] as const) {
    const file = world.at(`home/.local/state/nono/${place}`);
    const content = fs.readFileSync(file);
    fs.rmSync(file);
    execFileSync("mkfifo", [file]);
    const { code, stderr } = await world.nono(...command);
    expect([code, words(stderr)], command.join(" ")).toEqual([
      1,
      expect.stringContaining(`${file} is not a regular file`),
    ]);
    fs.rmSync(file);
    fs.writeFileSync(file, content, { mode: 0o600 });
    expect(await world.nono(...command), command.join(" ")).toMatchObject({ code: 0 });
  }
});

it("tells that too many files are open, whatever could not be opened for it", async () => {
  await using world = await makeWorld();
  const limited = (limit: number) =>
    world.bare("sh", "-c", `ulimit -n ${limit}; exec "$0" run --allow-cwd -- true`, NONO);
  for (const limit of [10, 14, 18]) {
    const { code, stderr } = await limited(limit);
    expect([code, words(stderr)], String(limit)).toEqual([
      1,
      expect.stringMatching(/nono: too many open files: ulimit -n/),
    ]);
    expect(stderr).not.toContain("make it writable");
  }
  expect(await limited(64)).toMatchObject({ code: 0 });
});

it("tells where the end of a session could not be recorded, and does not hold it for killed", async () => {
  await using world = await makeWorld();
  const child = spawn(NONO, ["run", "--allow-cwd", "--", "sh", "-c", "echo x; read _"], {
    cwd: world.project,
    env: world.env,
  });
  await once(child.stdout, "data");
  const [id = ""] = fs.readdirSync(world.at("home/.local/state/nono/sessions"));
  fs.mkdirSync(world.at(`home/.local/state/nono/sessions/${id}/session.json.new`));
  const ended = Promise.all([once(child, "close"), text(child.stderr)]);
  child.stdin.end();
  const [[code], stderr] = await ended;
  expect([code, words(stderr)]).toEqual([
    1,
    expect.stringMatching(
      /nono: \S+\/state\/nono cannot hold the record of a session \(EISDIR: .*\): make it/,
    ),
  ]);
  expect((await world.nono("inspect", id)).stdout).toContain("nono was killed, or could not record its end");
});
