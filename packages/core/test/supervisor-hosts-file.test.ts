// Names without a name server: what a supervised program reads as /etc/hosts.

import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { linesOf, useActs } from "./support/acts.ts";
import { itWhere } from "./support/requires.ts";
import { supervised } from "./support/supervised.ts";

const acts = useActs();

const HOSTS = "192.0.2.7 nobody-has-this-name\n";
const withHosts = () => supervised({ read: [acts.directory, "/etc"] }, { hosts: HOSTS });

it("is what it was told to be, from its beginning each time it is opened", async () => {
  const outcome = await withHosts().run("cat", "/etc/hosts", "/etc/hosts");
  expect(outcome).toMatchObject({ code: 0, stdout: HOSTS + HOSTS, events: [] });
  const plain = await supervised({ read: [acts.directory, "/etc"] }).run("cat", "/etc/hosts");
  expect(plain.stdout).toBe(readFileSync("/etc/hosts", "utf8")); // control
});

itWhere(existsSync("/usr/bin/getent"), "getent")("is where programs look names up", async () => {
  const outcome = await withHosts().run("getent", "ahostsv4", "nobody-has-this-name");
  expect(outcome.stdout).toMatch(/^192\.0\.2\.7 +STREAM nobody-has-this-name\n/);
});

it("can be read, and nothing else", async () => {
  const outcome = await withHosts().run(
    acts.program,
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
  expect(linesOf(outcome.stdout).map((line) => line.replace(/^(re)?open=\d+$/, "$1open"))).toEqual([
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
