import { expect, it } from "vitest";
import { stagesOf } from "./stages.mjs";

const TRACE = `\
10 100.000000 execve("/nono/dist/nono", ["/nono/dist/nono", "run"], 0x7f /* 3 vars */) = 0
10 100.001000 openat(AT_FDCWD, "/etc/localtime", O_RDONLY|O_CLOEXEC) = 5
10 100.004000 openat(AT_FDCWD, "/nono/dist/nono.node", O_RDONLY|O_CLOEXEC) = 5
10 100.005000 landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) = 7
10 100.006000 memfd_create("nono-plan", MFD_CLOEXEC) = 5
11 100.007000 execve("/nono/dist/nono-launch", ["nono-launch", "3", "4"], 0x7f <unfinished ...>
10 100.007100 read(6,  <unfinished ...>
11 100.007200 <... execve resumed>) = 0
11 100.007500 landlock_create_ruleset({handled_access_fs=0x7f}, 24, 0) = 5
11 100.008000 landlock_add_rule(5, LANDLOCK_RULE_PATH_BENEATH, {}, 0) = 0
11 100.008500 landlock_restrict_self(5, 0) = 0
11 100.009000 execve("/work/still", ["/work/still"], 0x7f) = 0
11 100.009500 exit_group(0) = ?
12 100.009550 +++ exited with 0 +++
11 100.009600 +++ exited with 0 +++
10 100.011000 +++ exited with 0 +++
`;

it("ends a stage at the call that begins the next", () => {
  const stages = stagesOf(TRACE, "/work/still");
  expect(stages.map(({ stage, ms }) => [stage, Math.round(ms * 100) / 100])).toEqual([
    ["the kernel is asked for Landlock", 5],
    ["the plan is written", 1],
    ["the launcher is executed", 1],
    ["the ruleset is made", 0.5],
    ["the rules are enforced", 1],
    ["the command is executed", 0.5],
    ["the command has ended", 0.6],
    ["nono has ended", 1.4],
  ]);
});

it("counts each call once, in its stage, and takes a question to the kernel for no ruleset", () => {
  const calls = Object.fromEntries(stagesOf(TRACE, "/work/still").map(({ stage, calls }) => [stage, calls]));
  expect(calls["the kernel is asked for Landlock"]).toEqual(["openat", "openat"]);
  expect(calls["the plan is written"]).toEqual([]);
  expect(calls["the ruleset is made"]).toEqual(["read"]);
});

it("adds a stage that does not occur to the next", () => {
  const without = TRACE.split("\n")
    .filter((line) => !line.includes("nono-launch"))
    .join("\n");
  const launched = stagesOf(without, "/work/still").find(({ stage }) => stage === "the ruleset is made");
  expect(launched?.ms).toBeCloseTo(1.5);
});

it("leaves out a stage that another trace does not have", () => {
  const known = ["the plan is written", "nono has ended"];
  const stages = stagesOf(TRACE, "/work/still", known);
  expect(stages.map(({ stage, ms, calls }) => [stage, Math.round(ms), calls.length])).toEqual([
    ["the plan is written", 6, 3],
    ["nono has ended", 5, 7],
  ]);
});
