import { describe, expect, it } from "vitest";
import { refuseUnsupervised } from "./unsupervised.ts";

const why = "on macOS Seatbelt decides in the kernel, and asks nobody";
const nothing = { supervised: false, elevation: undefined, unixSockets: [] } as const;
const socket = { path: "/run/x", scope: "socket", bind: false, source: "test" };

describe("a session without a supervisor", () => {
  it("is refused on macOS where questions were asked for, by option or profile", () => {
    const refusal = `protection approvals is not available: ${why}`;
    const mac = { ...nothing, platform: "darwin" } as const;
    expect(() => refuseUnsupervised({ ...mac, supervised: true }, why)).toThrow(refusal);
    const elevation = { from: "profile", source: "profile:x" } as const;
    expect(() => refuseUnsupervised({ ...mac, elevation }, why)).toThrow(refusal);
  });

  it("starts on macOS with unix sockets, which Seatbelt tells apart, and on Linux without", () => {
    expect(() =>
      refuseUnsupervised({ ...nothing, platform: "darwin", unixSockets: [socket] }, why),
    ).not.toThrow();
    expect(() => refuseUnsupervised({ ...nothing, platform: "linux" }, why)).not.toThrow();
    expect(() => refuseUnsupervised({ ...nothing, platform: "linux", unixSockets: [socket] }, why)).toThrow(
      "protection unix-sockets is not available",
    );
  });
});
