// What each option that grants files opens, and what it leaves shut: the kernel answers.

import fs from "node:fs";
import { expect, it } from "vitest";
import { makeWorld, type RunOptions, type World } from "./support/world.ts";

const NAMES = ["allow", "read", "write", "allow-file", "read-file", "write-file", "none"];

/** Per name: what can be done with a file in the directory, and with one beside it that is no less there. */
const LOOK = `for name in ${NAMES.join(" ")}; do
  printf '%s:' $name
  for file in file beside; do
    (cat ../home/$name/$file >/dev/null) 2>/dev/null && printf ' read'
    (echo x >> ../home/$name/$file) 2>/dev/null && printf ' write'
    printf ' |'
  done
  (echo x > ../home/$name/new) 2>/dev/null && printf ' create'
  echo
done`;

const makeHome = () =>
  makeWorld(
    Object.fromEntries(
      NAMES.flatMap((name) => ["file", "beside"].map((file) => [`home/${name}/${file}`, ""] as const)),
    ),
  );

async function opened(world: World, options: RunOptions, ...flags: string[]): Promise<readonly string[]> {
  const outcome = await world.nonoWith(options, "run", "-s", ...flags, "--", "sh", "-c", LOOK);
  for (const name of NAMES) fs.rmSync(world.at("home", name, "new"), { force: true });
  return outcome.stdout.trimEnd().split("\n");
}

it("each option opens what its name says, by either name", async () => {
  await using world = await makeHome();
  const files = ["allow", "read", "write"].flatMap((mode) => [`--${mode}-file`, `../home/${mode}-file/file`]);
  const answers = [
    "allow: read write | read write | create",
    "read: read | read |",
    "write: write | write | create",
    "allow-file: read write | |",
    "read-file: read | |",
    "write-file: write | |",
    "none: | |",
  ];
  const long = ["--allow", "../home/allow", "--read", "../home/read", "--write=../home/write"];
  expect(await opened(world, {}, ...long, ...files)).toEqual(answers);
  const short = ["-a", "../home/allow", "-r", "../home/read", "-w", "../home/write"];
  expect(await opened(world, {}, ...short, ...files)).toEqual(answers);
  const every = (await world.bare("sh", "-c", LOOK)).stdout.trimEnd().split("\n"); // control
  expect(every).toEqual(NAMES.map((name) => `${name}: read write | read write | create`));
});

it("the variables open the same, and lists in them have colons", async () => {
  await using world = await makeHome();
  const env = {
    NONO_ALLOW: "../home/allow",
    NONO_READ: "../home/read:../home/read-file",
    NONO_WRITE: "../home/write",
  };
  expect(await opened(world, { env })).toEqual([
    "allow: read write | read write | create",
    "read: read | read |",
    "write: write | write | create",
    "allow-file: | |",
    "read-file: read | read |",
    "write-file: | |",
    "none: | |",
  ]);
});

it("the variables for where, by which profile, with which network and name it starts hold as well", async () => {
  await using world = await makeWorld({ "project/deep/": "" });
  const env = {
    NONO_PROFILE: "python-dev",
    NONO_WORKDIR: "deep",
    NONO_ALLOW_CWD: "1",
    NONO_BLOCK_NET: "1",
    NONO_NAME: "web",
    NONO_VERBOSE: "1",
  };
  const script = `pwd; echo x > made; node -e 'require("net").connect(9, "127.0.0.1").on("error", (e) => console.log(e.code))'`;
  const { stdout, stderr } = await world.nonoWith({ env }, "run", "--", "sh", "-c", script);
  expect(stdout).toMatch(new RegExp(`^${world.project}/deep\n(EPERM|EACCES)\n$`));
  expect(stderr).toMatch(/^nono: profile python-dev \(web\)\n/);
  expect(stderr).toMatch(/\n {2}protections\n/); // -v
  expect(world.read("project/deep/made")).toBe("x\n");
});
