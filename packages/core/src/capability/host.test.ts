import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HostCapability, hostGranting, ipAddressOf, isLoopback } from "./index.ts";

describe("an IP address", () => {
  it("has one form, whichever way it is written", () => {
    expect(
      ["192.0.2.1", "2001:DB8:0:0::1", "::FFFF:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:0:0:1"].map(
        ipAddressOf,
      ),
    ).toEqual(["192.0.2.1", "2001:db8::1", "192.0.2.1", "192.0.2.1", "::1"]);
  });

  it("is not what only some programs take for one, nor what names no host", () => {
    const none = [
      "",
      "127.1",
      "0x7f.0.0.1",
      "2130706433",
      "010.0.0.1",
      "1.2.3.4.5",
      "[::1]",
      "fe80::1%lo",
      "host",
    ];
    expect([...none, "0.0.0.0", "::", "::ffff:0.0.0.0"].filter((text) => ipAddressOf(text))).toEqual([]);
  });

  it("is what node:net takes for one", () => {
    const pieces = [
      "0",
      "1",
      "00",
      "9",
      "25",
      "256",
      "f",
      "ffff",
      "fffff",
      ":",
      "::",
      ".",
      "%",
      "[",
      "]",
      "/",
      "-",
    ];
    const odd = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
    const ones = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), odd);
    const cut = fc.tuple(ones, fc.nat(40), fc.constantFrom("", ...pieces));
    const changed = cut.map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(ones, changed), (text) => {
        const namesNoHost = /^(?:0\.0\.0\.0|[0:.]*(?:ffff:)?[0:.]*)$/i.test(text);
        const isOne = isIP(text) !== 0 && !text.includes("%");
        if (!(isOne && namesNoHost)) expect([text, ipAddressOf(text) !== undefined]).toEqual([text, isOne]);
      }),
      { numRuns: 2000 },
    );
  });

  it("is the machine's own in 127.0.0.0/8 and at ::1, and nowhere else", () => {
    const addresses = ["127.0.0.1", "127.255.0.9", "::1", "128.0.0.1", "10.127.0.1", "::2", "127::1"];
    expect(addresses.filter(isLoopback)).toEqual(["127.0.0.1", "127.255.0.9", "::1"]);
  });
});

describe("a granted host", () => {
  const source = "test";
  const hosts: readonly HostCapability[] = [
    { host: "localhost", addresses: "loopback", port: 5432, source },
    { host: "example.org", addresses: ["192.0.2.1", "2001:db8::1"], port: 443, source },
    { host: "10.0.0.5", addresses: ["10.0.0.5"], source },
  ];
  const granted = (host: string, port: number) => hostGranting(hosts, { host, port })?.host;

  it("is found by its name and by its addresses, at its port", () => {
    expect(granted("localhost", 5432)).toBe("localhost");
    expect(granted("127.9.9.9", 5432)).toBe("localhost");
    expect(granted("::ffff:127.0.0.1", 5432)).toBe("localhost");
    expect(granted("Example.ORG.", 443)).toBe("example.org");
    expect(granted("2001:DB8::1", 443)).toBe("example.org");
    expect(granted("10.0.0.5", 1)).toBe("10.0.0.5");
  });

  it("is not another one, nor the same at another port", () => {
    for (const [host, port] of [
      ["localhost", 5433],
      ["127.0.0.1", 443],
      ["www.example.org", 443],
      ["192.0.2.2", 443],
      ["192.0.2.1", 80],
      ["10.0.0.50", 80],
      ["0.0.0.0", 5432],
      ["loopback", 5432],
    ] as const)
      expect({ host, port, granted: granted(host, port) }).toEqual({ host, port, granted: undefined });
  });
});
