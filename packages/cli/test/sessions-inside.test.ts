// Nothing of sessions works from inside a sandbox: neither their files nor their sockets can be reached.

import path from "node:path";
import { describe, expect, it } from "vitest";
import { startSession } from "./support/sessions.ts";
import { makeWorld, NONO, type World } from "./support/world.ts";

const VERBS = [["ps"], ["ps", "--all", "--json"], ["inspect"], ["logs"], ["stop", "web"], ["prune"]];

/** In a sandbox that may execute nono. */
const inside = (world: World, ...command: string[]) =>
  world.nono("run", "-s", "--allow-cwd", "--read", path.dirname(NONO), "--", ...command);

/** Sends the message that ends a session, with its key; says what it is answered. */
const KNOCK = `
  const fs = require("node:fs");
  const [directory] = process.argv.slice(1);
  const key = process.env.KEY ?? fs.readFileSync(directory + "/control.key", "latin1");
  process.chdir(process.env.KEY ? "/" : directory);
  const socket = require("node:net").connect(process.env.KEY ? directory + "/control.sock" : "control.sock");
  socket.on("data", (data) => { console.log(String(data)); process.exit(0); });
  socket.on("error", (error) => { console.log(error.code); process.exit(1); });
  socket.write(JSON.stringify({ do: "ping", key }) + "\\n");`;

describe("from inside a sandbox", () => {
  it.each(VERBS)("nono %s %s %s is refused in words", async (...verb) => {
    await using world = await makeWorld();
    await using session = await startSession(world, "sleep 1000", "--name", "web");
    const words = verb.filter((word) => word !== undefined);
    const told = await inside(world, NONO, ...words);
    expect(told).toMatchObject({ code: 1, stdout: "" });
    expect(told.stderr.replaceAll(/\s+/g, " ")).toContain(
      "in a sandbox: sessions are looked at and ended from outside",
    );
    // Without the variable that tells, the kernel refuses.
    const untold = await inside(world, "env", "-u", "NONO_CAP_FILE", NONO, ...words);
    expect(untold).toMatchObject({ code: 1, stdout: "" });
    expect(untold.stderr).toMatch(/cannot\s+be\s+read/);
    // Control: outside it works, and the session is still there.
    const outside = await world.nono(...words);
    expect(outside.code).toBe(0);
    if (verb[0] !== "stop") expect((await world.nono("ps")).stdout).toContain(session.id);
  });

  it("the state directory is out of reach: read, written, listed, removed, linked, granted", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "sleep 1000");
    const attempts = [
      "cat $D/session.json",
      "cat $D/control.key",
      "ls $D",
      "ls $D/..",
      "echo x > $D/session.json",
      "ln $D/control.key key && cat key",
      "mv $D gone",
      "mkdir $D/../20990101-000000-1",
    ];
    const outcome = await inside(
      world,
      "sh",
      "-c",
      `D=${session.directory}; ${attempts.map((one) => `${one} && echo GOT`).join("; ")}; true`,
    );
    expect(outcome.stdout).toBe("");
    expect(outcome.code).toBe(0);
    const control = await world.bare("sh", "-c", `D=${session.directory}; ${attempts[1]} && ${attempts[2]}`);
    expect(control.stdout).toMatch(/^[0-9a-f]{64}control\.key\n/);
    const granted = await world.nono("run", "--allow", path.dirname(session.directory), "--", "true");
    expect(granted).toMatchObject({ code: 1, stdout: "" });
    expect((await world.nono("ps")).stdout).toContain(session.id);
  });

  it("a session's socket cannot be connected to, even by who knows the key", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "sleep 1000");
    const key = world.read(`${path.relative(world.at("."), session.directory)}/control.key`);
    const knock = [process.execPath, "-e", KNOCK, session.directory];
    const node = path.dirname(process.execPath);
    const without = await world.nono("run", "-s", "--read", node, "--", ...knock);
    expect(without.stdout).not.toContain('"is"');
    const options = ["-s", "--read", node, "--allow-env", "KEY", "--"];
    const knowing = await world.nonoWith({ env: { KEY: key } }, "run", ...options, ...knock);
    expect(knowing).toMatchObject({ code: 1 });
    expect(knowing.stdout).toMatch(/^E(ACCES|PERM)\n$/);
    // Control: outside it is answered.
    expect((await world.bare(process.execPath, "-e", KNOCK, session.directory)).stdout).toContain(
      '"is":"unsupported"',
    );
  });
});
