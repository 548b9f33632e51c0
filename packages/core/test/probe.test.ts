import { spawn } from "node:child_process";
import { chmodSync, closeSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { isSupported, probe, supportInfo } from "../src/index.ts";
import { attemptScript } from "../src/support/probe.ts";
import { outcomeOf } from "./support/confine.ts";
import { itOnAbi } from "./support/requires.ts";
import { makeTree } from "./support/tree.ts";

itOnAbi(7)("finds every protection of this kernel to hold when it tries to break it", async () => {
  const standing = Object.fromEntries((await probe()).map((one) => [one.name, one.status]));
  expect(standing).toEqual({
    "file-grants": "enforced",
    denials: "enforced",
    truncate: "enforced",
    "device-ioctl": "enforced",
    "blocked-commands": "enforced",
    network: "enforced",
    "unix-sockets": "enforced",
    "abstract-sockets": "enforced",
    signals: "enforced",
    "process-isolation": "enforced",
    "shared-objects": "enforced",
    scheduling: "unavailable",
    metadata: "unavailable",
    "kernel-surface": "enforced",
    descriptors: "enforced",
    environment: "enforced",
    privileges: "enforced",
    approvals: "not-asked",
    reports: "not-asked",
    "session-end": "enforced",
  });
});

it("says in the seed's three words whether a sandbox can be made, and why not", () => {
  expect(supportInfo()).toEqual({
    isSupported: true,
    platform: process.platform,
    details: expect.stringMatching(/^Landlock ABI [0-9]+; seccomp with/),
  });
  expect(isSupported()).toBe(true);
});

it("uses attempts that all succeed where nothing is enforced", async () => {
  await using tree = await makeTree({
    outside: "outside\n",
    "inside/denied": "denied\n",
    "inside/blocked": "#!/bin/sh\n",
  });
  chmodSync(tree.at("inside/blocked"), 0o755);
  const open = openSync("/dev/null", "r");
  const child = spawn("/bin/sh", ["-c", attemptScript("linux")], {
    env: { PATH: "/usr/bin:/bin", BASE: tree.root, OUTSIDE: String(process.pid) },
    stdio: ["pipe", "pipe", "pipe", ...Array<"ignore">(6).fill("ignore"), open],
  });
  const { stdout } = await outcomeOf(child);
  closeSync(open);
  expect(stdout.trim().split("\n")).toEqual([
    "file-grants",
    "denials",
    "truncate",
    "signals",
    "blocked-commands",
    "descriptors",
    "process-isolation",
    "kernel-surface",
    "privileges",
  ]);
});
