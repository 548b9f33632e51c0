import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CapabilitySet } from "../src/capability/index.ts";
import type { NonoError } from "../src/error.ts";
import { compilePlan } from "../src/plan/compile.ts";
import { encodePlan } from "../src/plan/encode.ts";
import { spawn } from "../src/process/spawn.ts";
import { attemptScript } from "../src/support/probe.ts";
import { seatbeltSupport } from "../src/support/support.ts";
import { readProfile } from "./support/sbpl.ts";

const forMac = { platform: "darwin", environment: {}, commandPath: [] } as const;

describe("a plan for macOS", () => {
  it("is decoded by the launcher of Linux, and starts nothing there", async () => {
    const plan = compilePlan(new CapabilitySet().allowPath("/usr", "read"), forMac);
    const child = spawn("/usr/bin/true", [], { plan });
    const failure = await new Promise<NonoError>((resolve) => child.once("error", resolve as () => void));
    expect(failure.message).toMatch(/a plan for another system.*the kernel does not have it/s);
  });

  it("has a name that only its session may look up, where a guardian looks for it", () => {
    const plan = compilePlan(new CapabilitySet(), { ...forMac, guard: true });
    const command = { path: "/bin/x", argv: ["x"], cwd: "", descriptors: [], parent: 0, secrets: [] };
    const off = { newSession: false, controllingTerminal: false, dieWithParent: false };
    const encoded = (session: string, guard: boolean) =>
      encodePlan(plan, { ...command, ...off, guard, session }).toString("latin1");

    const bytes = encoded("1.2", true);
    const profile = readProfile(bytes.slice(bytes.indexOf("(version 1)"), bytes.lastIndexOf(")\n") + 2));
    const mayLookUp = (name: string) => profile.allows("mach-lookup", { name });
    expect(mayLookUp("dev.nono.session.1.2")).toBe(true);
    for (const name of ["dev.nono.session.1.2.not", "dev.nono.session.1.3"])
      expect(mayLookUp(name)).toBe(false);
    expect(encoded("1.2", false)).not.toContain("dev.nono.session");
  });

  it("is refused with a supervisor, in words", () => {
    expect(() => compilePlan(new CapabilitySet(), { ...forMac, supervisor: true })).toThrow(
      "protection approvals is not available: on macOS Seatbelt decides in the kernel, and asks nobody",
    );
    expect(() => compilePlan(new CapabilitySet(), { ...forMac, require: ["reports"] })).toThrow(
      "protection reports is not available: on macOS only the system's log says what Seatbelt refused",
    );
  });

  it("says where each protection stands", () => {
    const set = new CapabilitySet().blockNetwork().denyPath("/denied").blockCommand("rm");
    const { protections } = compilePlan(set, { ...forMac, guard: true });
    const unavailable = protections.filter(({ status }) => status === "unavailable").map(({ name }) => name);
    expect(unavailable).toEqual(["scheduling", "approvals", "reports"]);
    expect(protections.filter(({ status }) => status === "not-asked")).toEqual([]);
  });

  it("numbers resources as macOS does", () => {
    const set = new CapabilitySet().setLimits({ nofile: 64, core: "infinity" });
    expect(compilePlan(set, forMac).limits).toEqual([
      { resource: 8, soft: 64n, hard: 64n },
      { resource: 4, soft: 0x7fff_ffff_ffff_ffffn, hard: 0x7fff_ffff_ffff_ffffn },
    ]);
  });
});

describe("support on macOS", () => {
  it("is there, unless this process has a sandbox already", () => {
    expect(seatbeltSupport(false)).toMatchObject({ isSupported: true, platform: "darwin" });
    expect(seatbeltSupport(true)).toMatchObject({
      isSupported: false,
      details: "this process is in a sandbox, and macOS lets it make no other",
    });
  });

  it("is probed by commands that are shell", () => {
    execFileSync("sh", ["-n", "-c", attemptScript("darwin")]);
  });
});
