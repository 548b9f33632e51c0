import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { socketAddressOf } from "./socket-address.ts";

const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

describe("the bytes of an address", () => {
  it("are an IPv4 address and a port", () => {
    const address = bytes(2, 0, 0x1f, 0x90, 127, 0, 0, 1, "\0\0\0\0\0\0\0\0");
    expect(socketAddressOf(address)).toEqual({ family: "internet", host: "127.0.0.1", port: 8080 });
  });

  it("are an IPv6 address in its shortest form", () => {
    const groups = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const address = bytes(10, 0, 0, 80, 0, 0, 0, 0, ...groups, 0, 0, 0, 0);
    expect(socketAddressOf(address)).toEqual({ family: "internet", host: "2001:db8::1", port: 80 });
  });

  it("are an IPv4 address where they only wrap one, so that one rule holds for both forms", () => {
    const groups = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3];
    const address = bytes(10, 0, 0, 80, 0, 0, 0, 0, ...groups, 0, 0, 0, 0);
    expect(socketAddressOf(address)).toEqual({ family: "internet", host: "10.1.2.3", port: 80 });
  });

  it("are a path that ends at a NUL, or an abstract name that does not", () => {
    expect(socketAddressOf(bytes(1, 0, "/run/a\0rest"))).toEqual({ family: "unix", path: "/run/a" });
    expect(socketAddressOf(bytes(1, 0, "/run/a"))).toEqual({ family: "unix", path: "/run/a" });
    expect(socketAddressOf(bytes(1, 0, 0, "a\0b"))).toEqual({ family: "abstract", name: "a\0b" });
  });

  it("may be anything, cut off anywhere", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (any) => {
        expect(["internet", "unix", "abstract", "other"]).toContain(socketAddressOf(any).family);
      }),
    );
  });
});
