import { describe, expect, it } from "vitest";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { decide } from "./decide.ts";
import type { ProcessInfo } from "./process-info.ts";
import type { Request } from "./request.ts";
import type { SocketAddress } from "./socket-address.ts";

const process: ProcessInfo = {
  pid: 1,
  thread: 1,
  name: "",
  executable: undefined,
  arguments: [],
  parents: [],
};
const common = { id: 1, process, reason: "destination" } as const;
const connect = (address: SocketAddress): Request => ({
  ...common,
  operation: "connect",
  address,
  target: undefined,
});
const to = (host: string, port: number) => connect({ family: "internet", host, port });

describe("a destination", () => {
  const policy = { destinations: [{ port: 443 }, { host: "10.0.0.1", port: 80 }] };

  it("is within reach by its port, where no host is named", () => {
    expect(decide(to("192.0.2.1", 443), policy)).toEqual({ allow: true });
    expect(decide(to("192.0.2.1", 80), policy)).toBeUndefined();
  });

  it("is within reach by host and port together", () => {
    expect(decide(to("10.0.0.1", 80), policy)).toEqual({ allow: true });
    expect(decide(to("10.0.0.1", 81), policy)).toBeUndefined();
    expect(decide(to("10.0.0.2", 80), policy)).toBeUndefined();
  });

  it("is within reach by host at every port, and this machine's own by one name", () => {
    const hosts = { destinations: [{ host: "10.0.0.1" }, { host: "localhost", port: 80 }] };
    for (const address of [to("10.0.0.1", 1), to("127.0.0.1", 80), to("127.9.9.9", 80), to("::1", 80)])
      expect(decide(address, hosts)).toEqual({ allow: true });
    for (const address of [to("10.0.0.2", 1), to("127.0.0.1", 81), to("0.0.0.0", 80), to("::", 80)])
      expect(decide(address, hosts)).toBeUndefined();
  });

  it("is nothing that a unix socket could be", () => {
    expect(decide(connect({ family: "unix", path: "/run/docker.sock" }), policy)).toBeUndefined();
    expect(decide(connect({ family: "abstract", name: "x" }), policy)).toBeUndefined();
  });
});

it("refuses a blocked command, whoever might be asked", () => {
  const path = "/usr/bin/rm" as CanonicalPath;
  const target = { path, given: path, throughLink: false, missing: [] };
  const request: Request = {
    ...common,
    reason: "blocked-command",
    operation: "execute",
    target,
    blocked: path,
  };
  expect(decide(request, { destinations: [] })).toEqual({ allow: false });
});
