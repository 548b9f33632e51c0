import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  handledFs,
  handledNet,
  NEWEST_ABI,
  portRights,
  rightNames,
  rightsOf,
  scopeOf,
  socketRight,
} from "./rights.ts";

const anAbi = fc.integer({ min: 1, max: NEWEST_ABI });

describe("rights", () => {
  it("calls every right of an ABI either read or write or a socket's, none two of them", () =>
    fc.assert(
      fc.property(anAbi, (abi) => {
        const [read, write, socket] = [
          rightsOf("read", "directory", abi),
          rightsOf("write", "directory", abi),
          socketRight(abi),
        ];
        expect([read & write, read & socket, write & socket]).toEqual([0n, 0n, 0n]);
        expect(read | write | socket).toBe(handledFs(abi));
      }),
    ));

  it("never loses a right in a newer ABI", () =>
    fc.assert(
      fc.property(anAbi, anAbi, (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        expect(handledFs(older) & handledFs(newer)).toBe(handledFs(older));
        expect(handledNet(older) & handledNet(newer)).toBe(handledNet(older));
      }),
    ));

  it("gives a file only what the kernel takes on a file", () => {
    expect(rightNames(rightsOf("read", "file", 7))).toEqual(["EXECUTE", "READ_FILE"]);
    expect(rightNames(rightsOf("write", "file", 7))).toEqual(["WRITE_FILE", "TRUNCATE", "IOCTL_DEV"]);
  });

  it("leaves out what an older kernel does not know", () => {
    expect(rightNames(handledFs(1))).not.toContain("REFER");
    expect(rightNames(handledFs(2))).toContain("REFER");
    expect([handledNet(3), portRights("connect", 3), scopeOf("SIGNAL", 5), socketRight(8)]).toEqual([
      0n,
      0n,
      0n,
      0n,
    ]);
  });

  it("refuses ABIs that do not exist", () => {
    for (const abi of [0, -1, 1.5]) expect(() => handledFs(abi)).toThrow(`no Landlock ABI ${abi}`);
  });
});
