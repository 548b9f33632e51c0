import { expect, it } from "vitest";
import { makeWorld } from "./support/world.ts";

const PAGES = [
  ["--help"],
  ["run", "--help"],
  ["wrap", "--help"],
  ["shell", "--help"],
  ["learn", "--help"],
  ["why", "--help"],
  ["setup", "--help"],
  ["profile", "--help"],
  ["profile", "list", "--help"],
  ["profile", "show", "--help"],
  ["profile", "groups", "--help"],
  ["profile", "validate", "--help"],
  ["profile", "diff", "--help"],
  ["profile", "init", "--help"],
  ["profile", "schema", "--help"],
  ["rollback", "--help"],
  ["rollback", "list", "--help"],
  ["rollback", "show", "--help"],
  ["rollback", "restore", "--help"],
  ["rollback", "verify", "--help"],
  ["rollback", "cleanup", "--help"],
  ["audit", "--help"],
  ["audit", "list", "--help"],
  ["audit", "show", "--help"],
  ["audit", "verify", "--help"],
  ["audit", "anchor", "--help"],
  ["audit", "prove", "--help"],
  ["audit", "check-proof", "--help"],
  ["audit", "export", "--help"],
  ["audit", "cleanup", "--help"],
  ["completion", "--help"],
  ["help", "--help"],
];

it.each(PAGES)("nono %s %s %s reads well at 80 columns", async (...words) => {
  await using world = await makeWorld();
  const args = words.filter((word) => word !== undefined);
  const page = await world.nono(...args);
  expect(page).toMatchObject({ code: 0, stderr: "" });
  for (const line of page.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(page.stdout).toContain("Exit codes:");
  expect(page.stdout).not.toMatch(/\u001b/);
  const name = args.filter((word) => word !== "--help").join("-");
  await expect(page.stdout).toMatchFileSnapshot(`help/${name === "" ? "nono" : name}.golden.txt`);
});

it("says the same by nono help", async () => {
  await using world = await makeWorld();
  expect(await world.nono("help", "profile", "show")).toEqual(await world.nono("profile", "show", "--help"));
  expect(await world.nono("help")).toEqual(await world.nono());
  expect((await world.nono("help", "profil")).stderr).toBe(
    "nono: unknown command profil: did you mean nono profile?\n",
  );
});

it("fits a narrow terminal", async () => {
  await using world = await makeWorld();
  const { stdout } = await world.nonoWith({ env: { COLUMNS: "60" } }, "run", "--help");
  const tooLong = stdout
    .split("\n")
    .filter((line) => line.length > 60 && !/^ {2}nono | --allow-unix-socket-subtree-bind DIR$/.test(line));
  expect(tooLong).toEqual([]);
});

it("prints the version", async () => {
  await using world = await makeWorld();
  expect((await world.nono("--version")).stdout).toMatch(/^nono \d+\.\d+\.\d+\n$/);
});
