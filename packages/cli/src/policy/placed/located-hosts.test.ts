import { describe, expect, it } from "vitest";
import type { Host } from "../policy.ts";
import { locateHosts } from "./located-hosts.ts";

const flag = (host: string, port?: number): Host => ({
  from: "flag",
  source: "--allow-connect",
  host,
  ...(port === undefined ? {} : { port }),
});
const source = "--allow-connect";
const never = () => Promise.reject(new Error("nothing was to be looked up"));
const missing = () => Promise.reject(Object.assign(new Error("not found"), { code: "ENOTFOUND" }));

describe("a host that a policy names", () => {
  it("is itself where it is an address, and every address of this machine's own as localhost", async () => {
    expect(await locateHosts([flag("localhost", 80), flag("10.0.0.5"), flag("::1", 1)], never)).toEqual({
      hosts: [
        { host: "localhost", addresses: "loopback", port: 80, source },
        { host: "10.0.0.5", addresses: ["10.0.0.5"], source },
        { host: "::1", addresses: ["::1"], port: 1, source },
      ],
      skipped: [],
    });
  });

  it("is what its name stands for now, each address once and in one form", async () => {
    const answer = async () => ["2001:DB8::1", "::ffff:192.0.2.1", "192.0.2.1", "0.0.0.0", "fe80::1%lo"];
    expect((await locateHosts([flag("example.org", 443)], answer)).hosts).toEqual([
      { host: "example.org", addresses: ["192.0.2.1", "2001:db8::1"], port: 443, source },
    ]);
  });

  it("is looked up once, however often it is named", async () => {
    const asked: string[] = [];
    const answer = async (name: string) => {
      asked.push(name);
      return ["192.0.2.1"];
    };
    const profile: Host = { from: "profile", source: "profile:x", host: "example.org" };
    const { hosts } = await locateHosts([profile, flag("example.org"), flag("example.org", 443)], answer);
    expect(hosts.map(({ port, source }) => [port, source])).toEqual([
      [undefined, "profile:x"],
      [443, source],
    ]);
    expect(asked).toEqual(["example.org"]);
  });

  it("that nobody knows stops the start where a flag names it, and is left out where a profile does", async () => {
    await expect(locateHosts([flag("example.org", 443)], missing)).rejects.toThrow(
      "--allow-connect example.org:443: no address was found",
    );
    await expect(locateHosts([flag("example.org")], async () => ["0.0.0.0"])).rejects.toThrow(
      "it has no address that can be connected to",
    );
    const profile: Host = { from: "profile", source: "profile:x", host: "example.org" };
    expect(await locateHosts([profile, flag("localhost")], missing)).toEqual({
      hosts: [{ host: "localhost", addresses: "loopback", source }],
      skipped: [{ host: profile, why: "no address was found" }],
    });
  });
});
