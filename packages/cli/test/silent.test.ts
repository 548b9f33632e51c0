import { expect, it } from "vitest";
import { makeWorld } from "./support/world.ts";

it.each([
  [["run", "-s", "--allow-cwd", "--", "sh", "-c", "exit 3"], 3],
  [["-s", "run", "--read", "/no/such/directory", "--", "true"], 0],
  [["run", "--no-such-option", "-s", "--", "true"], 2],
  [["-s", "run", "--", "rm", "-rf", "/"], 126],
  [["--silent", "run", "--", "no-such-command"], 127],
  [["run", "--silent", "--profile", "no-such-profile", "--", "true"], 1],
  [["-s", "wrap", "--", "true"], 0],
  [["-s", "why", "--path", "/etc/shadow", "--op", "write"], 1],
  [["-s", "--help"], 0],
])("writes not one byte of its own: nono %j", async (args, code) => {
  await using world = await makeWorld();
  expect(await world.nono(...args)).toEqual({ code, signal: null, stdout: "", stderr: "" });
  expect((await world.nonoWith({ env: { NONO_SILENT: "1" } }, ...args)).stderr).toBe("");
  const heard = await world.nono(...args.filter((word) => word !== "-s" && word !== "--silent"));
  expect(heard.stdout + heard.stderr).toMatch(/nono|denied/); // control
});
