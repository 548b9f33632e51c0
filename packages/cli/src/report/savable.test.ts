import { describe, expect, it } from "vitest";
import type { ExplainedDenial } from "./explained.ts";
import { joined, savable } from "./savable.ts";

const refused = (subject: ExplainedDenial["subject"]): ExplainedDenial => ({
  subject,
  programs: ["curl"],
  operations: ["connect"],
  count: 1,
  refusedBy: ["rules"],
  because: "only other hosts and ports are open",
  source: null,
  change: "--allow-connect HOST",
});
const denials = [
  refused({ kind: "address", host: "10.0.0.5", port: 5432 }),
  refused({ kind: "address", host: "::1", port: 80 }),
  refused({ kind: "listen", host: "127.0.0.1", port: 8080 }),
];
const places = { home: "/home/user", workdir: "/home/user/work" } as never;
const sandbox = (network: "ports" | "none") => ({
  plan: { denials: [] },
  document: {
    network: network === "none" ? { mode: network } : { mode: network, connect: [], listen: [], hosts: [] },
    ungrantable: [],
  },
});

describe("a refused connection", () => {
  it("is saved as the host and port that it was to, and what is listened on as its port", () => {
    const found = savable(denials, sandbox("ports"), places);
    expect(joined(found.map(({ entries }) => entries)).network).toEqual({
      allow_connect: ["10.0.0.5:5432", "[::1]:80"],
      listen_ports: [8080],
    });
  });

  it("is not saved where the network is blocked as a whole", () => {
    expect(savable(denials, sandbox("none"), places)).toEqual([]);
  });
});
