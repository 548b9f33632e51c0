import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at } from "../../test/support/memory-files.ts";
import { type Profile, readProfile } from "../../test/support/sbpl.ts";
import { type Capabilities, CapabilitySet } from "../capability/index.ts";
import { OPERATIONS } from "./operations.ts";
import { profileOf } from "./profile.ts";

const NOTHING = { blocked: [], savedNames: [] };

const grant = (
  path: string,
  access: "read" | "write" | "read+write",
  kind: "directory" | "file" = "directory",
) => ({ original: path, path: at(path), kind, access, source: "test" }) as const;
const denial = (path: string, access: "read" | "write" | "read+write" = "read+write") =>
  ({ original: path, path: at(path), access, source: "test" }) as const;

function profile(
  change: Partial<Capabilities>,
  options: Partial<Parameters<typeof profileOf>[1]> = {},
): Profile {
  const capabilities = { ...new CapabilitySet().value(), ...change };
  return readProfile(profileOf(capabilities, { ...NOTHING, ...options }).text);
}

const work = (change: Partial<Capabilities> = {}) =>
  profile({ fs: [grant("/work", "read+write")], ...change });

describe("a profile", () => {
  it("denies by default, and opens nothing of the user's without a grant", () => {
    const bare = profile({});
    expect(bare.allows("file-read-data", { path: "/Users/user/.ssh/id" })).toBe(false);
    expect(bare.allows("file-write-create", { path: "/private/tmp/x" })).toBe(false);
    expect(bare.allows("process-exec", { path: "/bin/sh" })).toBe(false);
    expect(bare.allows("file-map-executable", { path: "/usr/lib/dyld" })).toBe(true);
  });

  it("names operations of the table only", () => {
    const { rules } = work({
      denials: [denial("/work/secret")],
      unixSockets: [{ path: at("/run/x"), scope: "directory", bind: true, source: "test" }],
    });
    const names = new Set(rules.flatMap(({ operations }) => operations));
    expect([...names].filter((name) => !Object.hasOwn(OPERATIONS, name))).toEqual([]);
  });

  it("has a source and a number of its own for each operation", () => {
    const facts = Object.values(OPERATIONS);
    expect(new Set(facts.map(({ number }) => number)).size).toBe(facts.length);
    for (const { source } of facts)
      expect(source).toMatch(/^(guide|chromium|profiles|measured|xnu)(, measured)?$/);
  });

  it("reads, executes and maps what may be read, and no more", () => {
    const reading = profile({ fs: [grant("/work", "read")] });
    for (const operation of ["file-read-data", "process-exec", "file-map-executable"])
      expect(reading.allows(operation, { path: "/work/a/b" })).toBe(true);
    for (const operation of [
      "file-write-data",
      "file-write-create",
      "file-write-unlink",
      "file-link",
      "file-ioctl",
    ])
      expect(reading.allows(operation, { path: "/work/a/b" })).toBe(false);
    expect(reading.allows("file-read-data", { path: "/workshop" })).toBe(false);
  });

  it("grants a file, and neither what begins with its name nor what would lie below it", () => {
    const one = profile({ fs: [grant("/work/file", "read", "file")] });
    expect(one.allows("file-read-data", { path: "/work/file" })).toBe(true);
    expect(one.allows("file-read-data", { path: "/work/file.bak" })).toBe(false);
    expect(one.allows("file-read-data", { path: "/work/file/x" })).toBe(false);
  });

  it("leaves a granted directory where it is", () => {
    expect(work().allows("file-write-unlink", { path: "/work/a" })).toBe(true);
    expect(work().allows("file-write-unlink", { path: "/work" })).toBe(false);
  });

  it("gives a second name only to what may be read and written", () => {
    expect(work().allows("file-link", { path: "/work/a" })).toBe(true);
    const apart = profile({ fs: [grant("/work", "read"), grant("/out", "write")] });
    for (const path of ["/work/a", "/out/a"]) expect(apart.allows("file-link", { path })).toBe(false);
  });

  it("makes the names by which a granted file is saved, and no others", () => {
    const saved = profile(
      { fs: [grant("/home/x.json", "read+write", "file")] },
      { savedNames: [{ directory: at("/home"), name: "x.json.?*", access: "read+write" }] },
    );
    expect(saved.allows("file-write-create", { path: "/home/x.json.tmp.1" })).toBe(true);
    expect(saved.allows("file-read-data", { path: "/home/x.json.tmp.1" })).toBe(true);
    for (const path of ["/home/x.json.", "/home/xyjson.a", "/home/x.json.d/e", "/home/y/x.json.a"])
      expect(saved.allows("file-write-create", { path })).toBe(false);
    expect(saved.allows("process-exec", { path: "/home/x.json.tmp.1" })).toBe(false);
  });

  it("refuses a grant in a denied path", () => {
    expect(() => work({ denials: [denial("/work", "write")] })).toThrow("test /work lies in /work");
    expect(() => profile({ fs: [grant("/private/tmp/a", "read")], denials: [denial("/tmp")] })).toThrow(
      "/tmp",
    );
  });
});

describe("a denial inside a grant", () => {
  const denied = work({ denials: [denial("/work/a/b/secret")] });

  it("holds for reading, writing, executing and second names, and leaves the rest of the grant", () => {
    for (const operation of [
      "file-read-data",
      "file-read-xattr",
      "file-write-data",
      "file-write-create",
      "file-write-unlink",
      "file-write-mode",
      "process-exec",
      "file-map-executable",
      "file-link",
      "file-clone",
    ])
      for (const path of ["/work/a/b/secret", "/work/a/b/secret/below"])
        expect(denied.allows(operation, { path }), `${operation} ${path}`).toBe(false);
    expect(denied.allows("file-read-data", { path: "/work/a/b/secret.txt" })).toBe(true);
    expect(denied.allows("file-write-create", { path: "/work/a/b/other" })).toBe(true);
  });

  it("cannot be got around by moving, removing or making a directory on the way", () => {
    for (const path of ["/work/a", "/work/a/b"]) {
      expect(denied.allows("file-write-unlink", { path })).toBe(false);
      expect(denied.allows("file-write-create", { path })).toBe(false);
    }
    expect(work().allows("file-write-unlink", { path: "/work/a" })).toBe(true); // control
  });

  it("holds in any case, and in any form of a letter, as volumes of macOS have it", () => {
    const odd = work({ denials: [denial("/work/.Kß/é")] });
    for (const path of ["/work/.Kß/é", "/work/.kß/É", "/work/.\u212ass/e\u0301", "/work/.KSS/é/x"])
      expect(odd.allows("file-write-create", { path }), path).toBe(false);
    expect(odd.allows("file-write-create", { path: "/work/.kx/é" })).toBe(true);
    expect(odd.allows("file-write-create", { path: "/work/other" })).toBe(true);
  });

  it("keeps what may not be read from being moved to where it may", () => {
    const unreadable = work({ denials: [denial("/work/secret", "read")] });
    expect(unreadable.allows("file-write-data", { path: "/work/secret" })).toBe(true);
    expect(unreadable.allows("file-write-unlink", { path: "/work/secret" })).toBe(false);
  });

  it("holds where only the name of a saved file would reach it", () => {
    const saved = profile(
      { fs: [grant("/home/x", "read+write", "file")], denials: [denial("/home/x.bak")] },
      { savedNames: [{ directory: at("/home"), name: "x.?*", access: "read+write" }] },
    );
    expect(saved.allows("file-write-create", { path: "/home/x.tmp" })).toBe(true);
    for (const operation of ["file-write-create", "file-read-data"])
      expect(saved.allows(operation, { path: "/home/x.bak" })).toBe(false);
  });

  it("holds for the unix sockets of a granted directory", () => {
    const sockets = profile({
      unixSockets: [{ path: at("/run"), scope: "subtree", bind: true, source: "test" }],
      denials: [denial("/run/docker")],
    });
    expect(sockets.allows("network-outbound", { path: "/run/agent" })).toBe(true);
    for (const operation of ["network-outbound", "network-bind"])
      expect(sockets.allows(operation, { path: "/run/docker/sock" })).toBe(false);
  });

  it("holds against rules of the caller's that would open it", () => {
    const opened = profile({
      platformRules: ['(allow file-read* (subpath "/Users"))'],
      denials: [denial("/Users/user/.ssh")],
    });
    expect(opened.allows("file-read-data", { path: "/Users/user/notes" })).toBe(true);
    expect(opened.allows("file-read-data", { path: "/Users/user/.ssh/id" })).toBe(false);
  });

  it("withholds blocked executables by their path", () => {
    const blocked = profile({ fs: [grant("/", "read")] }, { blocked: [at("/bin/rm")] });
    for (const operation of ["process-exec", "file-read-data", "file-link"])
      expect(blocked.allows(operation, { path: "/bin/rm" })).toBe(false);
    expect(blocked.allows("process-exec", { path: "/bin/mv" })).toBe(true);
  });
});

describe("unlink protection", () => {
  const rule = "(deny file-write-unlink)";

  it("takes nothing from what is granted for writing", () => {
    const guarded = work({ platformRules: [rule] });
    expect(guarded.allows("file-write-unlink", { path: "/work/a" })).toBe(true);
    expect(guarded.allows("file-write-unlink", { path: "/elsewhere" })).toBe(false);
  });

  it("stands before the grants and after what a rule of the caller's opens", () => {
    const opened = work({ platformRules: ['(allow file-write* (subpath "/opened"))', rule] });
    expect(opened.allows("file-write-data", { path: "/opened/a" })).toBe(true);
    expect(opened.allows("file-write-unlink", { path: "/opened/a" })).toBe(false);
  });
});

describe("paths of macOS", () => {
  it.each([
    ["/tmp/a", "/private/tmp/a"],
    ["/var", "/private/var"],
    ["/etc/hosts", "/private/etc/hosts"],
    ["/System/Volumes/Data/Users/u", "/Users/u"],
    ["/System/Volumes/Data/private/tmp", "/private/tmp"],
    ["/tmpfiles", "/tmpfiles"],
  ])("%s is granted and denied as %s", (named, real) => {
    const here = profile({ fs: [grant(named, "read")] });
    expect(here.allows("file-read-data", { path: real })).toBe(true);
    const gone = profile({ fs: [grant("/", "read")], denials: [denial(named)] });
    expect(gone.allows("file-read-data", { path: real })).toBe(false);
  });

  it("opens nothing by the second name of the data volume", () => {
    const wide = profile({ fs: [grant("/System", "read+write")], denials: [denial("/Users/user/.ssh")] });
    expect(wide.allows("file-read-data", { path: "/System/Library/x" })).toBe(true);
    for (const operation of ["file-read-data", "file-write-create", "process-exec"])
      expect(wide.allows(operation, { path: "/System/Volumes/Data/Users/user/.ssh/id" })).toBe(false);
  });
});

describe("other processes and services", () => {
  it("signals and asks about the same sandbox only, unless it is asked for", () => {
    const open = profile({ processes: "any" });
    for (const operation of ["signal", "process-info-pidinfo"]) {
      expect(work().allows(operation, { sameSandbox: true })).toBe(true);
      expect(work().allows(operation, { sameSandbox: false })).toBe(false);
      expect(open.allows(operation, { sameSandbox: false })).toBe(true);
    }
    for (const operation of ["mach-priv-task-port", "mach-task-name"])
      expect(open.allows(operation, { sameSandbox: false })).toBe(false);
  });

  it.each([
    "com.apple.SecurityServer",
    "com.apple.securityd.xpc",
    "com.apple.secd",
    "com.apple.coreservices.launchservicesd",
    "com.apple.coreservices.appleevents",
    "com.apple.cfprefsd.agent",
    "com.apple.pasteboard.1",
    "com.apple.anything.else",
  ])("does not reach %s, whatever a rule of the caller's says", (name) => {
    const opened = profile({ platformRules: [`(allow mach-lookup (global-name "${name}"))`] });
    expect(opened.allows("mach-lookup", { name })).toBe(name === "com.apple.anything.else"); // control
    expect(work().allows("mach-lookup", { name })).toBe(false);
  });

  it.each(["appleevent-send", "lsopen", "job-creation", "user-preference-write", "file-write-setugid"])(
    "refuses %s always",
    (operation) => {
      const opened = work({ platformRules: [`(allow ${operation})`] });
      expect(opened.allows(operation, { path: "/work/a" })).toBe(false);
    },
  );

  it("tells nothing of devices, firmware and processes, and what a program needs of the machine", () => {
    for (const operation of ["iokit-get-properties", "iokit-open-user-client", "nvram-get", "sysctl-write"])
      expect(work().allows(operation)).toBe(false);
    expect(work().allows("sysctl-read", { name: "hw.ncpu" })).toBe(true);
    expect(work().allows("sysctl-read", { name: "kern.proc.all" })).toBe(false);
  });

  it("uses terminals that it has made, and nobody else's", () => {
    const path = "/dev/ttys003";
    expect(work().allows("file-write-data", { path, extensions: ["com.apple.sandbox.pty"] })).toBe(true);
    expect(work().allows("file-write-data", { path })).toBe(false);
    expect(work().allows("file-ioctl", { path })).toBe(false);
  });
});

describe("the network", () => {
  const web = { protocol: "tcp", port: 443 } as const;
  const dns = { path: "/private/var/run/mDNSResponder" };

  it("is open where nothing limits it, but for unix sockets", () => {
    const open = profile({ network: { mode: "all" } });
    expect(open.allows("network-outbound", { remote: { protocol: "udp", port: 9 } })).toBe(true);
    expect(open.allows("network-inbound", { local: web })).toBe(true);
    expect(open.allows("network-outbound", dns)).toBe(true);
    expect(open.allows("network-outbound", { path: "/private/var/run/docker.sock" })).toBe(false);
  });

  it("is shut", () => {
    const shut = profile({ network: { mode: "none" } });
    for (const operation of ["network-outbound", "network-inbound", "network-bind"])
      expect(shut.allows(operation, { remote: web, local: web })).toBe(false);
    expect(shut.allows("network-outbound", dns)).toBe(false);
    expect(shut.allows("mach-lookup", { name: "com.apple.SystemConfiguration.configd" })).toBe(false);
  });

  it("is open on ports, and resolves names where the port for that is one of them", () => {
    const some = profile({ network: { mode: "ports", connect: [443], listen: [8080], hosts: [] } });
    expect(some.allows("network-outbound", { remote: web })).toBe(true);
    expect(some.allows("network-outbound", { remote: { protocol: "udp", port: 443 } })).toBe(false);
    expect(some.allows("network-outbound", { remote: { protocol: "tcp", port: 80 } })).toBe(false);
    expect(some.allows("network-bind", { local: { protocol: "tcp", port: 8080 } })).toBe(true);
    expect(some.allows("network-bind", { local: web })).toBe(false);
    expect(some.allows("network-outbound", dns)).toBe(false);
    const named = profile({ network: { mode: "ports", connect: [53], listen: [], hosts: [] } });
    expect(named.allows("network-outbound", dns)).toBe(true);
  });

  it("is open to this machine's own addresses, at a port or at all", () => {
    const own = (port: number) => ({ remote: { protocol: "tcp", port, loopback: true } as const });
    const other = (port: number) => ({ remote: { protocol: "tcp", port } as const });
    const [one, all] = [5432, undefined].map((port) =>
      profile({ network: new CapabilitySet().allowConnect("localhost", port).value().network }),
    );
    const reached = (to: ReturnType<typeof own | typeof other>) =>
      [one, all].map((profile) => profile?.allows("network-outbound", to));
    expect([own(5432), own(80), other(5432)].map(reached)).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    expect(one?.allows("network-bind", { local: own(5432).remote })).toBe(false);
    expect(all?.allows("network-outbound", { remote: { protocol: "udp", port: 53, loopback: true } })).toBe(
      false,
    );
  });

  it("reaches unix sockets by their path, in every mode", () => {
    const sockets = profile({
      network: { mode: "none" },
      unixSockets: [
        { path: at("/run/one"), scope: "socket", bind: false, source: "test" },
        { path: at("/run/d"), scope: "directory", bind: true, source: "test" },
        { path: at("/run/t"), scope: "subtree", bind: false, source: "test" },
      ],
    });
    const reached = (path: string) => sockets.allows("network-outbound", { path });
    expect(["/run/one", "/run/d/a", "/run/t/a/b"].map(reached)).toEqual([true, true, true]);
    expect(["/run/one/x", "/run/d/a/b", "/run/d", "/run/tt"].map(reached)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(sockets.allows("network-bind", { path: "/run/d/a" })).toBe(true);
    expect(sockets.allows("file-write-create", { path: "/run/d/a" })).toBe(true);
    expect(sockets.allows("network-bind", { path: "/run/one" })).toBe(false);
  });
});

describe("no file name can become policy", () => {
  const anyName = fc
    .oneof(
      fc.string({ unit: "binary", minLength: 1 }),
      fc.string({
        unit: fc.constantFrom('"', "\\", "(", ")", ";", "#", "|", "\n", "*", ".", "[", "$", "^", "a"),
        minLength: 1,
      }),
      fc.constantFrom('") (allow default) ("', '\\") (allow file-read*', '"#\\"', "\\", "\\\\", "x\\"),
    )
    .map((name) => name.replaceAll(/[\0/]/g, "_"));

  it("whatever stands in it, the rules are the same, and hold for that name alone", () =>
    fc.assert(
      fc.property(anyName, anyName, fc.constantFrom("socket", "directory"), (name, other, scope) => {
        const shape = (one: string, two: string) =>
          profile(
            {
              fs: [grant(`/w/${one}`, "read+write")],
              denials: [denial(`/w/${one}/${two}`)],
              unixSockets: [{ path: at(`/s/${one}`), scope, bind: false, source: "test" }],
            },
            {
              blocked: [at(`/b/${two}`)],
              savedNames: [
                { directory: at(`/n/${one}`), name: two.replace(/[\\*?]/g, "\\$&"), access: "write" },
              ],
            },
          );
        fc.pre(!/^plain$/i.test(other));
        const named = shape(name, other);
        const plain = shape("a", "b");
        expect(named.rules.map(({ operations }) => operations)).toEqual(
          plain.rules.map(({ operations }) => operations),
        );
        expect(named.allows("file-read-data", { path: `/w/${name}/plain` })).toBe(true);
        expect(named.allows("file-read-data", { path: `/w/${name}/${other}` })).toBe(false);
        expect(named.allows("file-write-create", { path: `/w/${name}/${other}` })).toBe(false);
        expect(named.allows("file-write-create", { path: `/n/${name}/${other}` })).toBe(true);
        expect(named.allows("file-write-create", { path: `/n/${name}/${other}_` })).toBe(false);
        expect(named.allows("file-read-data", { path: `/w/_${name}` })).toBe(false);
        const below = scope === "socket" ? "" : "/a";
        expect(named.allows("network-outbound", { path: `/s/${name}${below}` })).toBe(true);
        expect(named.allows("network-outbound", { path: `/s/${name}_${below}` })).toBe(false);
      }),
    ));
});
