import { describe, expect, it } from "vitest";
import { messageOf } from "../error.ts";
import { groupsSchema, profileSchema } from "./json-schema.ts";
import { readGroups } from "./read-groups.ts";
import { readProfiles } from "./read-profiles.ts";

/** The examples of the document that the project was founded on, as they stand there. */
const SEED_GROUPS = `{
  "deny_credentials": {
    "description": "Block access to cryptographic keys, tokens, and cloud credentials",
    "deny": {
      "access": ["~/.ssh", "~/.gnupg", "~/.aws", "~/.kube", "~/.docker"]
    }
  },
  "node_runtime": {
    "description": "Node.js runtime and package manager paths",
    "allow": {
      "read": ["~/.nvm", "~/.fnm", "~/.npm", "/usr/local/lib/node_modules"]
    }
  }
}`;
const SEED_PROFILES = `{
  "claude-code": {
    "security": {
      "groups": ["user_caches_macos", "node_runtime", "rust_runtime", "unlink_protection"]
    },
    "filesystem": {
      "allow": ["$HOME/.claude"],
      "read_file": ["$HOME/.gitconfig"]
    }
  }
}`;

function problemsOfProfile(text: string): readonly string[] {
  const read = readProfiles(text, "p.json");
  return "problems" in read ? read.problems.map(messageOf) : [];
}

function problemsOfGroups(text: string): readonly string[] {
  const read = readGroups(text, "g.json");
  return "problems" in read ? read.problems.map(messageOf) : [];
}

describe("a groups file", () => {
  it("loads the seed's example as it is", () => {
    expect(readGroups(SEED_GROUPS, "g.json")).toEqual({ value: JSON.parse(SEED_GROUPS) });
  });

  it("may hold comments, trailing commas and the name of its schema", () => {
    const text = `// mine
    { "$schema": "x", /* one */ "deny_work": { "description": "work", "required": true, "deny": { "access": ["~/work",], } }, }`;
    expect(readGroups(text, "g.json")).toEqual({
      value: { deny_work: { description: "work", required: true, deny: { access: ["~/work"] } } },
    });
  });

  it("names the known key nearest to an unknown one, and its line", () => {
    expect(problemsOfGroups(`{\n  "a": {\n    "description": "x",\n    "alow": {}\n  }\n}`)).toEqual([
      "g.json:4:5: unknown key alow in a, did you mean allow?",
    ]);
    expect(problemsOfGroups(`{ "a": { "description": "x", "deny": { "acess": [] } } }`)).toEqual([
      "g.json:1:40: unknown key acess in a.deny, did you mean access?",
    ]);
  });

  it("is refused where a group says nothing about itself or names no path", () => {
    expect(problemsOfGroups(`{ "a": {} }`)).toEqual([
      "g.json:1:8: a.description: expected string, received undefined",
    ]);
    expect(problemsOfGroups(`{ "a": { "description": "", "platform": "bsd" } }`)).toEqual([
      'g.json:1:41: a.platform: expected "linux", "macos"',
    ]);
    expect(problemsOfGroups(`{ "a/b": { "description": "" } }`)).toEqual([
      "g.json:1:3: a/b: expected a name of letters, digits, dots, dashes and underscores",
    ]);
    expect(problemsOfGroups("[]")).toEqual(["g.json:1:1: expected an object"]);
  });

  it("takes __proto__ for a name like any other, and refuses it", () => {
    expect(problemsOfGroups(`{ "__proto__": { "description": "x" } }`)).toEqual([
      "g.json:1:3: __proto__: expected a name of letters, digits, dots, dashes and underscores",
    ]);
    expect(problemsOfGroups(`{ "a": { "description": "x", "__proto__": { "required": true } } }`)).toEqual([
      "g.json:1:30: unknown key __proto__ in a",
    ]);
  });
});

describe("a profile file", () => {
  it("loads the seed's example as it is: profiles by name", () => {
    expect(readProfiles(SEED_PROFILES, "p.json")).toEqual({
      value: { kind: "many", profiles: JSON.parse(SEED_PROFILES) },
    });
  });

  it("loads a single profile", () => {
    const profile = { extends: ["default"], filesystem: { allow: ["~/x"] }, workdir: { access: "read" } };
    expect(readProfiles(JSON.stringify(profile), "p.json")).toEqual({ value: { kind: "one", profile } });
    expect(readProfiles("{}", "p.json")).toEqual({ value: { kind: "one", profile: {} } });
  });

  it("is one profile with a misspelt key, not a profile of that name", () => {
    expect(problemsOfProfile(`{ "filesytem": { "allow": [] } }`)).toEqual([
      "p.json:1:3: unknown key filesytem in the file, did you mean filesystem?",
    ]);
    expect(problemsOfProfile(`{ "net": { "extends": "default" } }`)).toEqual([]);
  });

  it("reports every problem, each with its line", () => {
    const text = `{
  "filesystem": {
    "allow": ["relative"],
    "read": ["~/../other"],
    "wirte": []
  },
  "network": { "connect_ports": [0], "allow_connect": ["localhost", "*.org"] }
}`;
    expect(problemsOfProfile(text)).toEqual([
      "p.json:3:15: filesystem.allow[0]: expected an absolute path, or one that starts with ~ or a variable",
      "p.json:4:14: filesystem.read[0]: a path with .. means different things as links change: name its target",
      "p.json:5:5: unknown key wirte in filesystem, did you mean write?",
      "p.json:7:34: network.connect_ports[0]: expected a port, from 1 to 65535",
      "p.json:7:69: network.allow_connect[1]: expected a host and perhaps its port, as in example.org:443, localhost or [::1]:80",
    ]);
  });

  it("refuses a variable that nobody knows, and a lone dollar", () => {
    const [unknown] = problemsOfProfile(`{ "filesystem": { "read": ["$HOEM/x"] } }`);
    expect(unknown).toMatch(
      /^p\.json:1:28: filesystem\.read\[0\]: unknown variable \$HOEM: known are HOME, WORKDIR, /,
    );
    expect(problemsOfProfile(`{ "environment": { "set_vars": { "A": "5 $" } } }`)).toEqual([
      "p.json:1:39: environment.set_vars.A: a dollar that begins no variable is written $$",
    ]);
  });

  it.each(["LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "NODE_OPTIONS", "BASH_ENV"])("cannot set %s", (name) => {
    expect(problemsOfProfile(`{ "environment": { "set_vars": { "${name}": "x" } } }`)).toEqual([
      `p.json:1:34: environment.set_vars.${name}: a variable that loads code into programs cannot be set`,
    ]);
  });

  it.each([
    ["~/.claude.json.tmp.*", []],
    ["~/*", ["expected at least three characters before the first wildcard"]],
    ["~/.*", ["expected at least three characters before the first wildcard"]],
    ["~/*/settings", ["expected wildcards (* and ?) in the last component, and only there"]],
    ["~/plain", ["expected wildcards (* and ?) in the last component, and only there"]],
  ])("checks the name pattern %s", (pattern, reasons) => {
    expect(problemsOfProfile(JSON.stringify({ filesystem: { allow_pattern: [pattern] } }))).toEqual(
      reasons.map((reason) => `p.json:1:33: filesystem.allow_pattern[0]: ${reason}`),
    );
  });

  it("refuses what is nested deeper than anybody reads it", () => {
    const nested = (depth: number) => `{ "a": ${"[".repeat(depth)} "[{" /* [ */ ${"]".repeat(depth)} }`;
    expect(problemsOfProfile(nested(31))[0]).not.toContain("deep");
    for (const depth of [32, 500_000])
      expect(problemsOfProfile(nested(depth))).toEqual(["p.json:1:39: it is nested more than 32 deep"]);
    expect(problemsOfProfile("[".repeat(500_000))).toEqual(["p.json:1:33: it is nested more than 32 deep"]);
  });

  it("refuses a key that is given twice: one of the two would be ignored", () => {
    expect(problemsOfProfile(`{ "network": { "block": true }, "network": { "block": false } }`)).toEqual([
      'p.json:1:33: the key "network" is given twice',
    ]);
  });

  it.each([
    ["", "p.json:1:1: value expected"],
    ["{", "p.json:1:2: close brace expected"],
    [`{ "a" 1 }`, "p.json:1:7: colon expected"],
    ["[]", "p.json:1:1: expected object, received array"],
    ["null", "p.json:1:1: expected object, received null"],
  ])("says where %j is no JSON", (text, problem) => expect(problemsOfProfile(text)[0]).toBe(problem));

  it("keeps limits and their names", () => {
    expect(problemsOfProfile(`{ "limits": { "nofile": 1024, "as": "infinity" } }`)).toEqual([]);
    expect(problemsOfProfile(`{ "limits": { "nofile": "many" } }`)).toEqual([
      'p.json:1:25: limits.nofile: expected a whole number, or "infinity"',
    ]);
  });
});

describe("the JSON Schemas", () => {
  it("are what editors get", async () => {
    await expect(JSON.stringify(profileSchema(), null, 2)).toMatchFileSnapshot(
      "./profile-schema.golden.json",
    );
    await expect(JSON.stringify(groupsSchema(), null, 2)).toMatchFileSnapshot("./groups-schema.golden.json");
  });

  it("allow no key that the forms do not", () => {
    const objects = [profileSchema(), groupsSchema()]
      .flatMap(objectsIn)
      .filter((it) => it.properties !== undefined);
    expect(objects.length).toBeGreaterThan(10);
    expect(objects.filter((it) => it.additionalProperties === undefined)).toEqual([]);
  });
});

function objectsIn(schema: unknown): readonly Record<string, unknown>[] {
  if (typeof schema !== "object" || schema === null) return [];
  return [
    ...("type" in schema && schema.type === "object" ? [schema as Record<string, unknown>] : []),
    ...Object.values(schema).flatMap(objectsIn),
  ];
}
