import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostIn, textOfHost } from "./host.ts";

describe("a host that is named", () => {
  it("is a name or an address, with a port or without", () => {
    expect(
      ["example.org", "Example.ORG.:443", "localhost:5432", "my_db", "xn--bcher-kva.example"].map(hostIn),
    ).toEqual([
      { host: "example.org" },
      { host: "example.org", port: 443 },
      { host: "localhost", port: 5432 },
      { host: "my_db" },
      { host: "xn--bcher-kva.example" },
    ]);
    expect(["10.0.0.5:80", "[2001:DB8::1]", "[::1]:80", "[::ffff:10.0.0.5]:65535"].map(hostIn)).toEqual([
      { host: "10.0.0.5", port: 80 },
      { host: "2001:db8::1" },
      { host: "::1", port: 80 },
      { host: "10.0.0.5", port: 65_535 },
    ]);
  });

  it.each([
    "",
    ":443",
    "*",
    "*.example.org",
    "example.org:",
    "example.org:0",
    "example.org:65536",
    "example.org:+443",
    "example.org:443:80",
    "https://example.org",
    "example.org/path",
    "user@example.org",
    "::1",
    "2001:db8::1:443",
    "[::1",
    "[::1]443",
    "[10.0.0.5]:80",
    "[example.org]:80",
    "[fe80::1%eth0]:80",
    "10.0.0.0/8",
    "10.0.0",
    "127.1",
    "0x7f000001",
    "example.0x7f",
    "2130706433",
    "010.0.0.1",
    "256.0.0.1",
    "0.0.0.0",
    "0.0.0.0:80",
    "[::]:80",
    "-example.org",
    "exa mple.org",
    "example..org",
    "bücher.example",
    "example.org\n",
    `${"a".repeat(64)}.org`,
    `${"a.".repeat(127)}org`,
  ])("is not %j", (text) => expect(hostIn(text)).toBeUndefined());

  it("reads as it was written", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map((text) => `[${text}]`),
        ),
        fc.option(fc.integer({ min: 1, max: 65_535 })),
        (host, port) => {
          const read = hostIn(port === null ? host : `${host}:${port}`);
          if (read !== undefined) expect(hostIn(textOfHost(read))).toEqual(read);
        },
      ),
    ));
});
