import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyFrom, FIXED_VARIABLES as policyVariables } from "../../../test/policy/fixtures.ts";
import { policyLines } from "../catalog/policy-lines.ts";
import { PROFILES } from "../data/profiles.ts";
import type { Profile } from "../form/profile-form.ts";

describe("commands", () => {
  const block = { groups: { include: ["dangerous_commands"] } };
  const verdict = (profiles: readonly Profile[], flags: Parameters<typeof policyFrom>[1], name: string) => {
    const { commands } = policyFrom(profiles, flags);
    return [
      commands.blocked.find((entry) => entry.name === name)?.source,
      commands.allowed.find((entry) => entry.name === name)?.source,
    ];
  };

  it.each([
    ["a group blocks", [block], {}, ["group:dangerous_commands", undefined]],
    ["a profile lifts it", [block, { commands: { allow: ["rm"] } }], {}, [undefined, "profile:test"]],
    [
      "in a profile a block wins",
      [{ commands: { allow: ["rm"], deny: ["rm"] } }],
      {},
      ["profile:test", undefined],
    ],
    [
      "a flag lifts it",
      [block, { commands: { deny: ["rm"] } }],
      { allowCommand: ["rm"] },
      [undefined, "--allow-command"],
    ],
    [
      "of flags a block wins",
      [],
      { allowCommand: ["rm"], blockCommand: ["rm"] },
      ["--block-command", undefined],
    ],
    ["nobody blocks it", [], { allowCommand: ["rm"] }, [undefined, undefined]],
  ])("%s", (_, profiles, flags, expected) => expect(verdict(profiles, flags, "rm")).toEqual(expected));

  it("are names or absolute paths", () => {
    expect(() => policyFrom([], { blockCommand: ["bin/rm"] })).toThrow(
      "--block-command bin/rm: a command is a name, or the absolute path of an executable",
    );
    expect(policyFrom([], { blockCommand: ["/opt/x"] }).commands.blocked).toMatchObject([{ name: "/opt/x" }]);
  });
});

describe("the network", () => {
  it("is open until somebody blocks it, and stays blocked in what extends that", () => {
    expect(policyFrom([{}]).network.blocked).toBeUndefined();
    expect(policyFrom([{ network: { block: true } }, { network: { block: false } }]).network.blocked).toEqual(
      {
        from: "profile",
        source: "profile:test",
      },
    );
  });

  it("is left to the ports of the command line where that blocks it", () => {
    const profile = {
      network: { block: true, connect_ports: [443], listen_ports: [80], open_ports: [3000] },
    };
    const ports = (flags: Parameters<typeof policyFrom>[1]) => {
      const { connect, listen } = policyFrom([profile], flags).network;
      return [connect.map(({ port }) => port), listen.map(({ port }) => port)];
    };
    expect(ports({})).toEqual([
      [443, 3000],
      [80, 3000],
    ]);
    expect(ports({ allowConnectPort: [22], listenPort: [81] })).toEqual([
      [443, 22, 3000],
      [80, 81, 3000],
    ]);
    expect(ports({ blockNet: true })).toEqual([[], []]);
    expect(ports({ blockNet: true, openPort: [5000] })).toEqual([[5000], [5000]]);
  });

  it("is left to the hosts of the command line where that blocks it", () => {
    const profile = { network: { allow_connect: ["Example.org:443", "[::1]"] } };
    const hosts = (flags: Parameters<typeof policyFrom>[1]) => policyFrom([profile], flags).network.hosts;
    const ofProfile = { from: "profile", source: "profile:test" };
    const ofFlag = { from: "flag", source: "--allow-connect" };
    expect(hosts({})).toEqual([
      { ...ofProfile, host: "example.org", port: 443 },
      { ...ofProfile, host: "::1" },
    ]);
    expect(hosts({ allowConnect: [{ host: "localhost" }] }).at(-1)).toEqual({ ...ofFlag, host: "localhost" });
    expect(hosts({ blockNet: true, allowConnect: [{ host: "localhost", port: 80 }] })).toEqual([
      { ...ofFlag, host: "localhost", port: 80 },
    ]);
  });
});

describe("the working directory", () => {
  const grants = (profiles: readonly Profile[], allowCwd: readonly string[] = []) =>
    policyFrom(profiles, { allowCwd })
      .grants.filter(({ path }) => path.startsWith("/home/user/project"))
      .map(({ path, access, source }) => [path, access, source]);

  it("is granted as the last profile says that says something", () => {
    expect(grants([{ workdir: { access: "readwrite" } }, {}])).toEqual([
      ["/home/user/project", "read+write", "profile:test"],
    ]);
    expect(grants([{ workdir: { access: "readwrite" } }, { workdir: { access: "read" } }])).toEqual([
      ["/home/user/project", "read", "profile:test"],
    ]);
    expect(grants([{ workdir: { access: "readwrite" } }, { workdir: { access: "none" } }])).toEqual([]);
  });

  it("is granted by --allow-cwd, or only what is named below it", () => {
    expect(grants([], ["."])).toEqual([["/home/user/project", "read+write", "--allow-cwd"]]);
    expect(grants([], ["src", "out/x"])).toEqual([
      ["/home/user/project/src", "read+write", "--allow-cwd/src"],
      ["/home/user/project/out/x", "read+write", "--allow-cwd/out/x"],
    ]);
    const profile = { workdir: { access: "readwrite" } } as const;
    expect(grants([profile], ["src"])).toEqual([["/home/user/project/src", "read+write", "--allow-cwd/src"]]);
    expect(grants([profile], ["src", "."]).map(([path]) => path)).toContain("/home/user/project");
  });
});

describe("paths", () => {
  it("of flags are taken from where nono was called, and ~ is the home directory", () => {
    const { grants } = policyFrom(
      [],
      { read: ["src", "~/x", "/a/../b"], writeFile: ["~"] },
      { cwd: "/call" },
    );
    expect(grants.map(({ path, kind, access, source }) => [path, kind, access, source])).toEqual([
      ["/call/src", "directory", "read", "--read"],
      ["/home/user/x", "directory", "read", "--read"],
      ["/b", "directory", "read", "--read"],
      ["/home/user", "file", "write", "--write-file"],
    ]);
  });

  it("that need a variable without a value are left out, and listed", () => {
    const policy = policyFrom(
      [{ filesystem: { read: ["$XDG_RUNTIME_DIR/x", "$TTY"] } }],
      {},
      {
        variables: { ...policyVariables, TTY: undefined },
      },
    );
    expect(policy.grants.map(({ path }) => path)).toEqual(["/run/user/1000/x"]);
    expect(policy.unset).toEqual([
      { from: "profile", source: "profile:test", original: "$TTY", variable: "TTY" },
    ]);
  });
});

describe("the environment and limits", () => {
  it("are what the last profile sets, all of them together", () => {
    const policy = policyFrom(
      [
        {
          environment: { set_vars: { A: "1", B: "$HOME" }, allow_vars: ["X_*"] },
          limits: { nofile: 10, as: 1 },
        },
        { environment: { set_vars: { A: "2" }, deny_vars: ["Y"] }, limits: { nofile: 20 } },
      ],
      { allowEnv: ["Z"] },
    );
    expect(policy.environment.set.map(({ name, value }) => [name, value])).toEqual([
      ["A", "2"],
      ["B", "/home/user"],
    ]);
    expect(policy.environment.allow.map(({ pattern, source }) => [pattern, source])).toEqual([
      ["X_*", "profile:test"],
      ["Z", "--allow-env"],
    ]);
    expect(policy.environment.deny.map(({ pattern }) => pattern)).toEqual(["Y"]);
    expect(policy.limits.map(({ resource, value }) => [resource, value])).toEqual([
      ["nofile", 20],
      ["as", 1],
    ]);
  });

  it("need a value for every variable that they use", () => {
    const profile = { environment: { set_vars: { A: "$TTY" } } };
    expect(() => policyFrom([profile], {}, { variables: { ...policyVariables, TTY: undefined } })).toThrow(
      "profile:test: $TTY needs $TTY, which has no value here: set it",
    );
  });

  it("take no pattern that is none", () => {
    expect(() => policyFrom([], { allowEnv: ["A=B"] })).toThrow(
      "--allow-env A=B: expected the name of a variable, in which * stands for anything",
    );
  });
});

describe("merging", () => {
  const aProfile = fc.constantFrom(...Object.values(PROFILES));
  const GRANTING = /^(?:grant|allow|lift|pass|connect|listen)/;
  const linesOf = (profiles: readonly Profile[]) =>
    policyLines(policyFrom(profiles)).map(({ what, subject }) => `${what} ${subject}`);

  it("keeps every denial of every profile, in whatever order they come", () => {
    const aDenying: fc.Arbitrary<Profile> = fc.record({
      filesystem: fc.record({ deny: fc.subarray(["~/a", "~/b", "/usr"]), allow: fc.subarray(["~/a", "~"]) }),
      network: fc.record({ block: fc.boolean() }),
      environment: fc.record({ deny_vars: fc.subarray(["A", "B"]), allow_vars: fc.subarray(["A", "B"]) }),
    });
    const denialsOf = (profiles: readonly Profile[]) =>
      linesOf(profiles).filter((line) => /^(?:deny|withhold|block network)/.test(line));
    fc.assert(
      fc.property(fc.array(aDenying, { maxLength: 4 }), (profiles) => {
        const each = profiles.flatMap((profile) => denialsOf([profile]));
        expect(denialsOf(profiles)).toEqual(expect.arrayContaining([...new Set(each)]));
      }),
      { numRuns: 30 },
    );
  });

  it("never grants more because something is denied, blocked or excluded", () => {
    const aTightening: fc.Arbitrary<Profile> = fc.record(
      {
        filesystem: fc.record({ deny: fc.subarray(["~", "/usr", "~/.claude", "$WORKDIR"]) }),
        network: fc.record({ block: fc.boolean() }),
        commands: fc.record({ deny: fc.subarray(["rm", "git", "/bin/sh"]) }),
        environment: fc.record({ deny_vars: fc.subarray(["*", "ANTHROPIC_*"]) }),
        groups: fc.record({ exclude: fc.subarray(["system_read", "node_runtime"]) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(aProfile, { maxLength: 3 }), aTightening, (profiles, tightening) => {
        const before = new Set(linesOf(profiles));
        const more = linesOf([...profiles, tightening]).filter(
          (line) => GRANTING.test(line) && !before.has(line),
        );
        expect(more).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
