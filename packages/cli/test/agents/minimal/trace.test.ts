import { expect, it } from "vitest";
import { refusalsIn } from "./trace.ts";

it("keeps refusals of the kernel, and not what is missing", () => {
  const trace = `
12 openat(AT_FDCWD, "/home/a/.one", O_RDONLY|O_CLOEXEC) = -1 EACCES (Permission denied)
12 openat(AT_FDCWD, "/etc/missing", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
13 unlinkat(5, "relative", 0)           = -1 EPERM (Operation not permitted)
`;
  expect(refusalsIn(trace)).toEqual(["openat /home/a/.one", 'unlinkat N, "relative", N']);
});

it("sees the same refusal of two runs as one", () => {
  const line = (pid: number, name: string) =>
    `${pid} mkdir("/tmp/nono-agents-${name}/home/${pid}", 0777) = -1 EACCES (P)`;
  expect(refusalsIn(`${line(17, "aB3xY9")}\n${line(4711, "zzZZ00")}`)).toEqual([
    "mkdir /tmp/nono-agents/home/N",
  ]);
});
