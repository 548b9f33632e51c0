import { chmodSync, symlinkSync } from "node:fs";
import fc from "fast-check";
import type { CanonicalPath } from "nono-ts";
import { canonicalizeMissing, isWithin } from "nono-ts/internal";
import { describe, expect, it } from "vitest";
import { makeTree, policyFrom, type Tree, type TreeSpec, variablesIn } from "../../test/policy/fixtures.ts";
import { capabilitiesOf, type Placed } from "./capabilities-of.ts";
import type { PolicyFlags } from "./flags.ts";
import type { Groups } from "./form/group-form.ts";
import type { Profile } from "./form/profile-form.ts";
import { type GroupCatalog, withGroups } from "./group/catalog.ts";
import { protectedRoots } from "./placed/protected-roots.ts";

type Setup = Readonly<{
  profiles?: readonly Profile[];
  flags?: Partial<PolicyFlags>;
  groups?: Groups;
  programs?: readonly string[];
  files?: readonly string[];
}>;

const NO_GROUPS: GroupCatalog = new Map();

/** The capabilities of a policy without the built-in groups, in the home of a tree. */
function placedIn(
  tree: Tree,
  { profiles = [], flags = {}, groups = {}, programs = [], files = [] }: Setup,
): Placed {
  const variables = variablesIn(tree);
  const policy = policyFrom(profiles, flags, {
    variables,
    cwd: tree.at("project"),
    groups: { catalog: withGroups(NO_GROUPS, groups, "groups.json"), files },
    programs,
  });
  return capabilitiesOf(policy, { workdir: tree.at("project"), protectedRoots: protectedRoots(variables) });
}

function home(files: TreeSpec = {}): Tree {
  return makeTree({ "home/": "", "project/": "", "tmp/": "", ...files });
}

/** `access path` of every grant, the path as it stands in the tree. */
function grantsOf(tree: Tree, { capabilities }: Placed): readonly string[] {
  return capabilities.fs.map(({ access, path }) => `${access} ${path.slice(tree.root.length + 1)}`);
}

const required = (deny: NonNullable<Groups[string]["deny"]>): Groups => ({
  deny_test: { description: "", required: true, deny },
});

describe("grants", () => {
  it("stand on real paths, with their kind and who asked", () => {
    using tree = home({ "data/a": "x", "home/link": "-> ../data" });
    const { capabilities } = placedIn(tree, {
      profiles: [{ filesystem: { read: ["~/link"], allow_file: ["~/link/a"] } }],
    });
    expect(capabilities.fs).toEqual([
      {
        original: "~/link",
        path: tree.at("data"),
        kind: "directory",
        access: "read",
        source: "profile:test",
      },
      {
        original: "~/link/a",
        path: tree.at("data/a"),
        kind: "file",
        access: "read+write",
        source: "profile:test",
      },
    ]);
  });

  it("of paths that do not exist are skipped and told", () => {
    using tree = home();
    const { capabilities, skipped } = placedIn(tree, {
      profiles: [{ filesystem: { read: ["~/none"] } }],
      flags: { read: ["gone"] },
    });
    expect(capabilities.fs).toEqual([]);
    expect(skipped.map(({ grant, why }) => [grant.source, grant.original, why])).toEqual([
      ["profile:test", "~/none", "missing"],
      ["--read", "gone", "missing"],
    ]);
  });

  it("of the wrong kind are refused, but a group takes what is there", () => {
    using tree = home({ "project/file": "", "project/directory/": "" });
    expect(() => placedIn(tree, { flags: { read: ["file"] } })).toThrow(
      /^--read file is a file: grant it as a file/,
    );
    expect(() => placedIn(tree, { flags: { readFile: ["directory"] } })).toThrow(
      /^--read-file directory is a directory/,
    );
    const groups = { g: { description: "", allow: { read: ["$WORKDIR/file", "$WORKDIR/directory"] } } };
    const placed = placedIn(tree, { groups, profiles: [{ groups: { include: ["g"] } }] });
    expect(placed.capabilities.fs.map(({ kind }) => kind)).toEqual(["file", "directory"]);
  });

  it("that add nothing to another are left out", () => {
    using tree = home({ "project/a/b/": "" });
    const placed = placedIn(tree, {
      profiles: [
        { filesystem: { read: ["$WORKDIR/a", "$WORKDIR/a/b", "$WORKDIR/a"], write: ["$WORKDIR/a/b"] } },
      ],
    });
    expect(grantsOf(tree, placed)).toEqual(["read project/a", "write project/a/b"]);
  });
});

describe("denials", () => {
  it("hold for names that do not exist, and for what a link names", () => {
    using tree = home({ "data/keys/": "", "home/.ssh": "-> ../data/keys" });
    const { capabilities } = placedIn(tree, {
      groups: required({ access: ["~/.ssh", "~/.aws"], write: ["~/bin"] }),
    });
    expect(capabilities.denials.map(({ path, access }) => [path, access])).toEqual([
      [tree.at("data/keys"), "read+write"],
      [tree.at("home/.aws"), "read+write"],
      [tree.at("home/bin"), "write"],
    ]);
  });

  it("refuse a grant that is, or lies in, what they deny; one around it stays, to be split", () => {
    using tree = home({ "home/.ssh/id": "k" });
    const groups = required({ access: ["~/.ssh"] });
    for (const flags of [{ read: ["~/.ssh"] }, { readFile: ["~/.ssh/id"] }])
      expect(() => placedIn(tree, { groups, flags })).toThrow(
        `lies in ${tree.at("home/.ssh")}, which group:deny_test (groups.json) denies`,
      );
    expect(() => placedIn(tree, { groups, profiles: [{ filesystem: { read: ["~/.ssh"] } }] })).toThrow(
      /denies/,
    );
    const around = placedIn(tree, {
      groups: required({ access: ["$WORKDIR/a/b"] }),
      flags: { allowCwd: ["."] },
    });
    expect(grantsOf(tree, around)).toEqual(["read+write project"]);
  });

  it("are lifted by exactly their name, and then still need a grant", () => {
    using tree = home({ "home/.ssh/id": "k", "home/.aws/": "" });
    const groups = required({ access: ["~/.ssh", "~/.aws"] });
    const bypassed = placedIn(tree, { groups, flags: { bypassProtection: ["~/.ssh"] } });
    expect(bypassed.capabilities).toMatchObject({ fs: [], denials: [{ path: tree.at("home/.aws") }] });
    const granted = placedIn(tree, {
      groups,
      flags: { bypassProtection: ["~/.ssh"], readFile: ["~/.ssh/id"] },
    });
    expect(grantsOf(tree, granted)).toEqual(["read home/.ssh/id"]);
  });

  it("are not lifted by a path beside, above or below their name", () => {
    using tree = home({ "home/.ssh/id": "k" });
    const bypass = (file: string) =>
      placedIn(tree, { groups: required({ access: ["~/.ssh"] }), flags: { bypassProtection: [file] } });
    expect(() => bypass("~/.ssh/id")).toThrow(
      "--bypass-protection ~/.ssh/id: what is denied is ~/.ssh, by group:deny_test (groups.json): name that",
    );
    for (const file of ["~", "~/.sshx"])
      expect(() => bypass(file)).toThrow(`--bypass-protection ${file}: nothing denies that path by name`);
  });

  it("of the user's own take away what profiles and groups grant", () => {
    using tree = home({ "home/.claude/": "", "home/.npm/": "" });
    const groups = { cache: { description: "", allow: { readwrite: ["~/.npm"] } } };
    const base: Profile = { groups: { include: ["cache"] }, filesystem: { allow: ["~/.claude"] } };
    const placed = placedIn(tree, {
      groups,
      profiles: [base, { filesystem: { deny: ["~/.claude", "~/.npm"] } }],
    });
    expect(placed.capabilities.fs).toEqual([]);
    expect(placed.skipped.map(({ grant, why }) => [grant.original, why])).toEqual([
      ["~/.npm", "denied"],
      ["~/.claude", "denied"],
    ]);
  });

  it("of writing leave a group's grant to read", () => {
    using tree = home({ "home/bin/": "" });
    const groups: Groups = {
      ...required({ write: ["~/bin"] }),
      tools: { description: "", allow: { readwrite: ["~/bin"] } },
    };
    const placed = placedIn(tree, { groups, profiles: [{ groups: { include: ["tools"] } }] });
    expect(grantsOf(tree, placed)).toEqual(["read home/bin"]);
    expect(grantsOf(tree, placedIn(tree, { groups, flags: { read: ["~/bin"] } }))).toEqual(["read home/bin"]);
    expect(() => placedIn(tree, { groups, flags: { allow: ["~/bin"] } })).toThrow(/denies/);
  });

  it("never let more be reached when one is added", () => {
    using tree = home({ "project/a/x/1": "", "project/a/y/2": "", "project/b/3": "" });
    const directories = ["", "/a", "/a/x", "/a/y", "/b"];
    const names = [...directories, "/a/x/1", "/a/y/2", "/b/3", "/a/none"];
    const reachable = (profiles: readonly Profile[]) => {
      const { fs, denials } = placedIn(tree, { profiles }).capabilities;
      return names.filter((name) => {
        const file = canonicalizeMissing(tree.at(`project${name}`));
        const isAround = ({ path }: { path: CanonicalPath }) => isWithin(file, path);
        return fs.some(isAround) && !denials.some(isAround);
      });
    };
    const some = (paths: readonly string[]) => fc.subarray(paths.map((path) => `$WORKDIR${path}`));
    fc.assert(
      fc.property(some(directories), some(names), some(names), (read, deny, more) => {
        const base: Profile = { filesystem: { read, deny } };
        const tighter = reachable([base, { filesystem: { deny: more } }]);
        expect(reachable([base])).toEqual(expect.arrayContaining(tighter));
      }),
      { numRuns: 200 },
    );
  });
});

describe("nono's own files", () => {
  it.each([
    ["is one", "~/.config/nono", "a directory beside it"],
    ["contains one", "~", "directories in it, or start in one"],
    ["lies below one", "~/.local/state/nono/sessions", "a directory beside it"],
  ])("refuse a grant that %s, whoever asks", (_, granted, instead) => {
    using tree = home({ "home/.config/nono/": "", "home/.local/state/nono/sessions/": "" });
    const root = granted.includes("state") ? "home/.local/state/nono" : "home/.config/nono";
    expect(() => placedIn(tree, { flags: { read: [granted] } })).toThrow(
      `--read ${granted} would reach ${tree.at(root)}, which no grant may: grant ${instead}`,
    );
    expect(() => placedIn(tree, { profiles: [{ filesystem: { write: [granted] } }] })).toThrow(
      /^profile:test .* would reach/,
    );
    const groups = { g: { description: "", allow: { read: [granted] } } };
    expect(() => placedIn(tree, { groups, profiles: [{ groups: { include: ["g"] } }] })).toThrow(
      /would reach/,
    );
  });

  it("refuse the working directory when they lie in it, also before they exist", () => {
    using tree = makeTree({ "home/": "" });
    const variables = { ...variablesIn(tree), WORKDIR: tree.at("home") };
    const policy = policyFrom([], { allowCwd: ["."] }, { variables });
    expect(() =>
      capabilitiesOf(policy, { workdir: tree.at("home"), protectedRoots: protectedRoots(variables) }),
    ).toThrow(/^--allow-cwd .* would reach .*\/home\/\.config\/nono, which no grant may/);
  });

  it("cannot be reached through a link", () => {
    using tree = home({ "home/.config/nono/": "", "project/innocent": "-> ../home/.config/nono" });
    expect(() => placedIn(tree, { flags: { read: ["innocent"] } })).toThrow(/^--read innocent would reach/);
  });

  it("refuse unix sockets, name patterns and what is to be created there", () => {
    using tree = home({ "home/.config/nono/": "" });
    const refused: readonly NonNullable<Profile["filesystem"]>[] = [
      { unix_socket: ["~/.config/nono/s"] },
      { unix_socket_subtree: ["~/.config"] },
      { allow_pattern: ["~/.config/nono/prof*"] },
      { allow_pattern: ["~/.config/non*"] },
      { allow_pattern: ["~/.conf*"] },
      { create: ["~/.config/nono/profiles"] },
      { create_file: { "~/.config/nono/groups.json": "{}" } },
    ];
    for (const filesystem of refused)
      expect(() => placedIn(tree, { profiles: [{ filesystem }] }), JSON.stringify(filesystem)).toThrow(
        /would reach/,
      );
  });

  it("of the program itself can be read, not written", () => {
    using tree = home({ "project/node_modules/nono/": "" });
    const programs = [tree.at("project/node_modules/nono")];
    expect(() => placedIn(tree, { programs, flags: { allow: ["node_modules/nono"] } })).toThrow(
      /which nono denies/,
    );
    const placed = placedIn(tree, { programs, flags: { read: ["node_modules/nono"], allowCwd: ["."] } });
    expect(placed.capabilities.denials).toEqual([
      { original: programs[0], path: programs[0], access: "write", source: "nono" },
    ]);
  });

  it("refuse a run that could write the profile it is run with", () => {
    using tree = home({ "profiles/p.json": "{}" });
    const files = [tree.at("profiles/p.json")];
    expect(() => placedIn(tree, { files, flags: { write: [tree.at("profiles")] } })).toThrow(
      `would let the command write ${files[0]}, which grants it its rights: keep that file elsewhere`,
    );
    expect(() => placedIn(tree, { files, flags: { read: [tree.at("profiles")] } })).not.toThrow();
  });
});

describe("links", () => {
  it("out of the working directory do not widen --allow-cwd/SUBDIR", () => {
    using tree = home({
      "home/other/": "",
      "project/out": "-> ../home/other",
      "project/in": "-> src",
      "project/src/": "",
    });
    expect(() => placedIn(tree, { flags: { allowCwd: ["out"] } })).toThrow(
      `--allow-cwd/out leads out of the working directory, to ${tree.at("home/other")}`,
    );
    expect(grantsOf(tree, placedIn(tree, { flags: { allowCwd: ["in"] } }))).toEqual([
      "read+write project/src",
    ]);
  });

  it("that an earlier run may have made do not move a profile's grant", () => {
    using tree = home({ "home/.agent/": "", "home/victim/": "" });
    const profiles: readonly Profile[] = [
      { filesystem: { allow: ["~/.agent"], read: ["~/.agent/plugins"] } },
    ];
    symlinkSync(tree.at("home/victim"), tree.at("home/.agent/plugins"));
    expect(() => placedIn(tree, { profiles })).toThrow(
      `profile:test ~/.agent/plugins goes through the link ${tree.at("home/.agent/plugins")}, which a sandboxed command or another user may have made: name its target ${tree.at("home/victim")} on the command line`,
    );
    // The same link where the command cannot write is the user's.
    const readOnly: readonly Profile[] = [{ filesystem: { read: ["~/.agent/plugins"] } }];
    expect(grantsOf(tree, placedIn(tree, { profiles: readOnly }))).toEqual(["read home/victim"]);
  });

  it("in a directory that everybody can write do not move a profile's grant", () => {
    using tree = home({ "shared/": "", "home/victim/": "", "shared/agent": "-> ../home/victim" });
    const profiles: readonly Profile[] = [{ filesystem: { allow: [tree.at("shared/agent")] } }];
    expect(grantsOf(tree, placedIn(tree, { profiles }))).toEqual(["read+write home/victim"]);
    chmodSync(tree.at("shared"), 0o1777);
    expect(() => placedIn(tree, { profiles })).toThrow(/goes through the link .*\/shared\/agent, which/);
    expect(grantsOf(tree, placedIn(tree, { flags: { allow: [tree.at("shared/agent")] } }))).toEqual([
      "read+write home/victim",
    ]);
  });
});

describe("the rest of a policy", () => {
  it("becomes capabilities one to one", () => {
    using tree = home();
    const { capabilities } = placedIn(tree, {
      groups: { g: { description: "", required: true, deny: { unlink: true, commands: ["rm", "dd"] } } },
      profiles: [
        {
          filesystem: { unix_socket: ["~/s"], unix_socket_dir_bind: ["~/d"] },
          security: { user_namespaces: true },
          limits: { nofile: 64 },
        },
      ],
      flags: { allowCommand: ["dd"], openPort: [3000] },
    });
    expect(capabilities).toEqual({
      fs: [],
      denials: [],
      network: { mode: "ports", connect: [3000], listen: [3000], hosts: [] },
      unixSockets: [
        { path: tree.at("home/s"), scope: "socket", bind: false, source: "profile:test" },
        { path: tree.at("home/d"), scope: "directory", bind: true, source: "profile:test" },
      ],
      processes: "sandbox",
      commands: {
        allowed: [{ name: "dd", source: "--allow-command" }],
        blocked: [{ name: "rm", source: "group:g (groups.json)" }],
      },
      userNamespaces: true,
      environment: undefined,
      limits: { nofile: 64 },
      platformRules: ["(deny file-write-unlink)"],
    });
    const { network } = placedIn(tree, { flags: { allowConnect: [{ host: "no.org" }] } }).capabilities;
    expect(network).toEqual({ mode: "ports", connect: [], listen: [], hosts: [] }); // also where nothing is found of it
  });

  it("refuses a socket in a denied directory", () => {
    using tree = home();
    expect(() =>
      placedIn(tree, {
        groups: required({ access: ["~/.gnupg"] }),
        flags: { allowUnixSocket: ["~/.gnupg/S.gpg-agent"] },
      }),
    ).toThrow(/^--allow-unix-socket ~\/\.gnupg\/S\.gpg-agent lies in .*, which group:deny_test/);
  });

  it("places name patterns in directories that exist, away from denied names", () => {
    using tree = home({ "home/a/": "" });
    const groups = required({ access: ["~/.ssh", "~/secret/x"] });
    const place = (...allow_pattern: string[]) =>
      placedIn(tree, { groups, profiles: [{ filesystem: { allow_pattern } }] });
    expect(place("~/a/lock.*", "~/none/lock.*").patterns).toEqual([
      {
        from: "profile",
        source: "profile:test",
        original: "~/a/lock.*",
        directory: tree.at("home/a"),
        name: "lock.*",
      },
    ]);
    expect(() => place("~/.ss*")).toThrow(
      `profile:test ~/.ss* would match ${tree.at("home/.ssh")}, which group:deny_test (groups.json) denies: narrow the pattern`,
    );
    expect(() => place("~/secr?t*")).toThrow(/would match/);
    expect(() => place("~/a/.ss*")).not.toThrow();
  });
});
