import { type CanonicalPath, CapabilitySet, compilePlan, type HostCapability } from "nono-ts";
import { describe, expect, it } from "vitest";
import { hostsFileOf } from "./hosts-file.ts";

const source = "--allow-connect";
const named = (...addresses: readonly string[]): HostCapability => ({
  host: "example.org",
  addresses,
  source,
});

function fileFor(hosts: readonly HostCapability[], granted: string | undefined = "/etc") {
  const path = granted as CanonicalPath;
  const grant = { original: path, path, kind: "directory" as const, access: "read" as const, source };
  const capabilities = { ...new CapabilitySet().value(), fs: granted === "" ? [] : [grant] };
  const plan = compilePlan(capabilities, { platform: "darwin", commandPath: [], environment: {} });
  const network = { mode: "ports" as const, connect: [], listen: [], hosts };
  // The rules of macOS are asked about its own name of the place.
  return hostsFileOf({ network }, plan, () => "127.0.0.1 localhost\n");
}

describe("what is read as /etc/hosts", () => {
  it("leads from granted names to their addresses, before what is there", () => {
    const twice = [named("192.0.2.1", "2001:db8::1"), { ...named("192.0.2.1"), port: 443 }];
    expect(fileFor(twice, "/private/etc")).toBe(
      "192.0.2.1 example.org\n2001:db8::1 example.org\n127.0.0.1 localhost\n",
    );
  });

  it("is the file itself where no name is granted", () => {
    const hosts: readonly HostCapability[] = [
      { host: "localhost", addresses: "loopback", source },
      { host: "10.0.0.5", addresses: ["10.0.0.5"], source },
    ];
    expect(fileFor(hosts, "/private/etc")).toBeUndefined();
    expect(fileFor([], "/private/etc")).toBeUndefined();
  });

  it("is out of reach where the file itself is", () => {
    expect(fileFor([named("192.0.2.1")], "/usr")).toBeUndefined();
  });
});
