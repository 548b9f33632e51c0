// The main job, shown: a confined command writes into its project and is refused a key. Sets everything up first, works
// in a temporary directory with a home of its own, and ends with 0 only if both happened as promised.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { install } from "./install.mjs";
import { root, step } from "./step.mjs";

install();
step(process.execPath, ["scripts/build.mjs"]);

const SECRET = "not a real key";
const COMMAND = 'echo "written by the agent" > notes.txt; cat notes.txt; cat ~/.ssh/id_ed25519';

const place = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "nono-demo-"));
const home = path.join(place, "home");
const project = path.join(place, "project");
try {
  fs.mkdirSync(path.join(home, ".ssh"), { recursive: true });
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(home, ".ssh/id_ed25519"), `${SECRET}\n`, { mode: 0o600 });

  const bare = show("", COMMAND);
  const confined = show("nono run --allow-cwd -- ", COMMAND);

  const promises = [
    ["without nono the command reads the key", bare.includes(SECRET)],
    ["under nono it writes into its project", confined.includes("written by the agent")],
    [
      "under nono it is refused the key",
      !confined.includes(SECRET) && confined.includes("Permission denied"),
    ],
  ];
  console.log();
  for (const [promise, kept] of promises) console.log(`${kept ? "yes" : "NO "}  ${promise}`);
  process.exitCode = promises.every(([, kept]) => kept) ? 0 : 1;
} finally {
  fs.rmSync(place, { recursive: true });
}

/**
 * Runs a shell command in the project and shows it as at a prompt.
 *
 * @param {string} sandbox what stands before the shell
 * @param {string} command
 * @returns {string} what both streams said, in order
 */
function show(sandbox, command) {
  console.log(`\n~/project $ ${sandbox}sh -c '${command}'`);
  const [program = "", ...args] = [...sandbox.split(" ").slice(0, -1), "sh", "-c", command];
  const streams = fs.openSync(path.join(place, "output"), "w+");
  const { error } = spawnSync(program, args, {
    cwd: project,
    env: { PATH: `${path.join(root, "dist")}:${process.env.PATH}`, HOME: home, LC_ALL: "C" },
    stdio: ["ignore", streams, streams],
  });
  if (error) throw error;
  const said = fs.readFileSync(path.join(place, "output"), "utf8");
  fs.closeSync(streams);
  process.stdout.write(said);
  return said;
}
