// Names without a name server: what a supervised program reads as /etc/hosts.

import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { itWhere } from "./support/requires.ts";
import { compileC, supervised } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

let tools: TestTree;
let acts: string;
beforeAll(async () => {
  tools = await makeTree();
  acts = compileC("acts.c", tools.at("acts"));
});
afterAll(() => tools[Symbol.asyncDispose]());

const HOSTS = "192.0.2.7 nobody-has-this-name\n";
const lines = (text: string) => text.split("\n").slice(0, -1);
const withHosts = () => supervised({ read: [tools.root, "/etc"] }, { hosts: HOSTS });

it("is what it was told to be, from its beginning each time it is opened", async () => {
  const outcome = await withHosts().run("cat", "/etc/hosts", "/etc/hosts");
  expect(outcome).toMatchObject({ code: 0, stdout: HOSTS + HOSTS, events: [] });
  const plain = await supervised({ read: [tools.root, "/etc"] }).run("cat", "/etc/hosts");
  expect(plain.stdout).toBe(readFileSync("/etc/hosts", "utf8")); // control
});

itWhere(existsSync("/usr/bin/getent"), "getent")("is where programs look names up", async () => {
  const outcome = await withHosts().run("getent", "ahostsv4", "nobody-has-this-name");
  expect(outcome.stdout).toMatch(/^192\.0\.2\.7 +STREAM nobody-has-this-name\n/);
});

it("can be read, and nothing else", async () => {
  const outcome = await withHosts().run(
    acts,
    "open:/etc/hosts:r,cloexec",
    "closeonexec",
    "open:/etc/hosts:r",
    "closeonexec",
    "write:x",
    "ftruncate:0",
    "reopen:rw",
    "write:x",
    "ftruncate:0",
    "open:/etc/hosts:w",
    "open:/etc/hosts:rw",
    "open:/etc/hosts:w,creat,trunc",
    "truncate:/etc/hosts:0",
    "unlink:/etc/hosts",
  );
  expect(lines(outcome.stdout).map((line) => line.replace(/^(re)?open=\d+$/, "$1open"))).toEqual([
    "open",
    "closeonexec=1",
    "open",
    "closeonexec=0",
    "write=EBADF",
    "ftruncate=EINVAL",
    "reopen",
    "write=EPERM",
    "ftruncate=EPERM",
    "open=EACCES",
    "open=EACCES",
    "open=EACCES",
    "truncate=EACCES",
    "unlink=EACCES",
  ]);
});

it("is the file itself by any other name", async () => {
  const real = readFileSync("/etc/hosts", "utf8");
  const outcome = await withHosts().run("sh", "-c", "cd /etc; cat hosts; cat /etc/../etc/hosts");
  expect(outcome.stdout).toBe(real + real);
});
