// More requests than there is room for: they are refused, nothing hangs, and the end says so.

import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { expect, it } from "vitest";
import { sentencesOf, untoldOf } from "../src/report/untold.ts";
import { listed } from "./support/supervised.ts";
import { makeWorld, NONO, until } from "./support/world.ts";

it("what nono has no descriptors for is refused while the rest waits, and reported", async () => {
  await using world = await makeWorld({ "outside/": "" });
  const json = world.at("report.json");
  const ask = `for i in $(seq 60); do (cat ${world.at("outside")}/$i || echo $i >> refused) & done; wait`;
  const script = `: > ready; until [ -e go ]; do sleep 0.01; done; ${ask}`;
  for (let file = 1; file <= 60; file++) fs.writeFileSync(world.at(`outside/${file}`), "");
  const options = ["--supervised", "--approval-timeout", "30", "--allow-cwd", "--diagnostics-json", json];
  const words = [NONO, "run", ...options, "--", "sh", "-c", script];
  const nono = spawn("sh", ["-c", 'ulimit -n 400; exec "$@"', "sh", ...words], {
    cwd: world.project,
    env: world.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  nono.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(nono, "close");
  await until(() => fs.existsSync(world.at("project/ready")));
  expect(await listed(world)).toEqual([]); // who looks may answer: from now on requests wait
  fs.writeFileSync(world.at("project/go"), "");
  // Those that there is no room for are refused at once, while nobody has answered the others.
  await until(() => fs.existsSync(world.at("project/refused")));
  let waiting = await listed(world);
  while (waiting.length > 0) {
    for (const { id } of waiting) await world.nono("approvals", "deny", String(id));
    waiting = await listed(world);
  }
  expect(await ended).toEqual([0, null]);
  expect(fs.readFileSync(world.at("project/refused"), "utf8").trim().split("\n")).toHaveLength(60);
  const { denials, untold } = JSON.parse(world.read("report.json"));
  expect(untold.descriptors).toBeGreaterThan(0);
  expect(denials.length + untold.descriptors).toBe(60);
  expect(said).toContain(`nono: ${untold.descriptors} further refused because nono had no descriptor left`);
}, 60_000);

it("says of each reason that there was, and of no other", () => {
  const refused = { parked: 2, descriptors: 0, threads: 1, deadline: 7, unreadable: 0 };
  expect(sentencesOf(untoldOf({ refused, untold: 0 }, 3))).toEqual([
    "2 further refused because too many waited for an answer",
    "1 further refused because every thread of nono was busy on behalf of the program",
    "3 further refused, about more things than can be kept apart",
  ]);
  expect(sentencesOf(untoldOf(undefined, 0))).toEqual([]);
});
