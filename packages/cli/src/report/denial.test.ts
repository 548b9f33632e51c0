import type { Request } from "nono-ts";
import { describe, expect, it } from "vitest";
import { DenialLog } from "./denial.ts";

function denialsOf(requests: readonly Request[]) {
  const log = new DenialLog();
  for (const one of requests) log.add(one);
  return log.denials();
}

const process = (name: string) => ({
  pid: 1,
  thread: 1,
  name,
  executable: undefined,
  arguments: [],
  parents: [],
});
const target = (path: string, ...missing: string[]) => ({ path, given: path, throughLink: false, missing });
const mode = { read: true, write: false, create: false, truncate: false, directory: false };

function request(change: object, name = "cat"): Request {
  return {
    id: 1,
    process: process(name),
    reason: "not-granted",
    operation: "open",
    mode,
    ...change,
  } as unknown as Request;
}

describe("DenialLog", () => {
  it("merges what was tried again, by whom and how", () => {
    const denials = denialsOf([
      request({ target: target("/a", "READ_FILE") }),
      request({ target: target("/b", "READ_FILE") }),
      request({ target: target("/a", "WRITE_FILE", "TRUNCATE") }, "sh"),
      request({ operation: "chmod", target: target("/a", "WRITE_FILE") }, "sh"),
    ]);
    expect(denials).toEqual([
      {
        subject: { kind: "path", path: "/a", given: "/a", access: "read+write" },
        programs: ["cat", "sh"],
        operations: ["open", "chmod"],
        count: 3,
        refusedBy: ["rules"],
      },
      {
        subject: { kind: "path", path: "/b", given: "/b", access: "read" },
        programs: ["cat"],
        operations: ["open"],
        count: 1,
        refusedBy: ["rules"],
      },
    ]);
  });

  it("names only the path of a move that lacked something", () => {
    const to = target("/outside/file", "MAKE_REG");
    expect(denialsOf([request({ operation: "rename", target: target("/in/file"), to })])).toMatchObject([
      { subject: { kind: "path", path: "/outside/file", access: "write" }, operations: ["rename"] },
    ]);
  });

  it("tells sockets, addresses and blocked commands apart from files", () => {
    const subjects = denialsOf([
      request({
        operation: "connect",
        address: { family: "unix", path: "/run/x" },
        target: target("/run/x"),
      }),
      request({ operation: "connect", address: { family: "internet", host: "10.0.0.1", port: 80 } }),
      request({ operation: "connect", address: { family: "abstract", name: "x" } }),
      request({
        operation: "execute",
        target: target("/work/r"),
        blocked: "/usr/bin/rm",
        reason: "blocked-command",
      }),
    ]).map((denial) => denial.subject);
    expect(subjects).toEqual([
      { kind: "socket", path: "/run/x", given: "/run/x", bind: false },
      { kind: "address", host: "10.0.0.1", port: 80 },
      { kind: "abstract", name: "x" },
      { kind: "command", path: "/work/r", command: "/usr/bin/rm" },
    ]);
  });

  it("says whose no it was, each once", () => {
    const log = new DenialLog();
    for (const by of ["timeout", "terminal", "timeout"] as const)
      log.add(request({ target: target("/a", "READ_FILE") }), by);
    expect(log.denials()).toMatchObject([{ count: 3, refusedBy: ["timeout", "terminal"] }]);
  });

  it("stays bounded, whatever a program asks for and calls itself", () => {
    const log = new DenialLog(10);
    for (let index = 0; index < 1000; index++)
      log.add(request({ target: target(`/${index % 20}`, "READ_FILE") }, `name${index}`));
    expect([log.denials().length, log.beyond]).toEqual([10, 500]);
    expect(log.denials()[0]?.programs.length).toBeLessThanOrEqual(8);
  });
});
