import fc from "fast-check";
import type { CanonicalPath } from "nono-ts";
import { describe, expect, it } from "vitest";
import { covers, type Entry, type GroupOffer } from "./entry.ts";
import { generalise, type Surroundings } from "./generalise.ts";
import type { Half, Use } from "./use.ts";

const at = (path: string) => path as CanonicalPath;
const file = (path: string, half: Half = "read"): Use => ({ kind: "file", path: at(path), half });
const made = (path: string, of: "file" | "directory" = "file"): Use => ({
  kind: "entry",
  path: at(path),
  of,
  made: true,
});
const directory = (path: string, half: Half): Entry => ({ kind: "directory", path: at(path), half });

const HOME = "/home/u";
const NOTHING_ELSE: Surroundings = {
  bounds: {
    denied: {
      read: [at(`${HOME}/.ssh`), at(`${HOME}/.config/nono`)],
      write: [at(`${HOME}/.ssh`), at(`${HOME}/.config/nono`), at(`${HOME}/.toolrc`)],
    },
    tooWide: [at("/"), at("/home"), at(HOME), at("/opt")],
    guarded: [at("/srv/repo/.git/hooks")],
    temporary: [at("/tmp")],
    work: [at("/tmp/work"), at(HOME)],
  },
  groups: [],
  exists: () => false,
};
const learn = (uses: readonly Use[], change: Partial<Surroundings> = {}) =>
  generalise(uses, { ...NOTHING_ELSE, ...change });

describe("generalise", () => {
  it("names files while they are few, and their directory when they are four", () => {
    const three = ["a", "b", "c"].map((name) => file(`/srv/data/${name}`));
    expect(learn(three).entries).toHaveLength(3);
    expect(learn([...three, file("/srv/data/d")]).entries).toEqual([directory("/srv/data", "read")]);
  });

  it("rises from directory to directory, each half by itself", () => {
    const uses = ["a", "b", "c", "d"].flatMap((name) => [1, 2].map((n) => file(`/srv/data/${name}/${n}`)));
    expect(learn([...uses, file("/srv/data/a/1", "write")]).entries).toEqual([
      file("/srv/data/a/1", "write"),
      directory("/srv/data", "read"),
    ]);
  });

  it("grants the directory in which names are made, and reading there as well", () => {
    expect(learn([made("/srv/out/x"), file("/srv/out/x"), file("/srv/in")]).entries.toSorted(byPath)).toEqual(
      [file("/srv/in"), directory("/srv/out", "read"), directory("/srv/out", "write")],
    );
  });

  it("has a directory of its own made before the start, where the one around it may not be granted", () => {
    const learned = learn([made(`${HOME}/.tool`, "directory"), made(`${HOME}/.tool/state`)]);
    expect(learned).toEqual({
      groups: [],
      entries: [directory(`${HOME}/.tool`, "read"), directory(`${HOME}/.tool`, "write")],
      creations: [`${HOME}/.tool`],
      leftOut: [],
    });
  });

  it("names a file that is made there by its name, unless something denied begins like it", () => {
    const names = (path: string) => ({ kind: "names", path, half: "write" });
    expect(learn([made(`${HOME}/.tool.json`)]).entries).toEqual([names(`${HOME}/.tool.json`)]);
    expect(learn([made(`${HOME}/.tool`)])).toMatchObject({ entries: [], leftOut: [{ why: "too-wide" }] });
  });

  it("leaves out what is denied, temporary, or too wide", () => {
    const uses = [file(`${HOME}/.ssh/id`), file("/tmp/x", "write"), { ...directory(HOME, "read") } as Use];
    const learned = learn([...uses, file("/tmp/work/x")]);
    expect(learned.entries).toEqual([file("/tmp/work/x")]);
    expect(learned.leftOut.map(({ why }) => why)).toEqual(["denied", "temporary", "too-wide"]);
  });

  it("takes temporary names, locks and backups for the file that they stand for", () => {
    const save = ["state.json.lock", "state.json.tmp.1234", "state.json~", ".state.json.swp"].map((name) =>
      made(`/srv/d/${name}`),
    );
    expect(learn([...save, file("/srv/d/state.json", "write")]).entries).toEqual([
      file("/srv/d/state.json", "write"),
    ]);
    expect(learn(save, { exists: (path) => path === "/srv/d/state.json" }).entries).toEqual([
      file("/srv/d/state.json", "write"),
    ]);
    expect(learn([...save, made("/srv/d/state.json")]).entries).toEqual([directory("/srv/d", "write")]);
  });

  it("grants what holds a guarded name, and never the name", () => {
    const learned = learn([made("/srv/repo/new"), made("/srv/repo/.git/hooks/pre-commit")]);
    expect(learned.entries).toEqual([directory("/srv/repo", "write")]);
    expect(learned.leftOut).toMatchObject([{ why: "denied" }]);
  });

  it("prefers a group to paths, and the one that covers most", () => {
    const groups: GroupOffer[] = [
      { name: "some", grants: [directory("/srv/a", "read")] },
      { name: "all", grants: [directory("/srv/a", "read"), directory("/srv/b", "read")] },
      { name: "wide", grants: [directory(HOME, "read"), directory("/srv", "read")] },
    ];
    expect(learn([file("/srv/a/x"), file("/srv/b/y"), file("/srv/c")], { groups })).toMatchObject({
      groups: ["all"],
      entries: [file("/srv/c")],
    });
  });
});

function byPath(a: Entry, b: Entry): number {
  const [one, other] = [`${a.path} ${a.half}`, `${b.path} ${b.half}`];
  return one < other ? -1 : Number(one > other);
}

describe("whatever was used, the learned profile", () => {
  const names = ["a", "b", "c", "d", "e", "f.tmp"];
  const aPath = fc
    .array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
    .map((parts) => at(`/${parts.join("/")}`));
  const aHalf = fc.constantFrom<Half>("read", "write");
  const aUse: fc.Arbitrary<Use> = fc.oneof(
    fc.record({ kind: fc.constant("file" as const), path: aPath, half: aHalf }),
    fc.record({ kind: fc.constant("directory" as const), path: aPath, half: aHalf }),
    fc.record({
      kind: fc.constant("entry" as const),
      path: aPath,
      of: fc.constantFrom("file" as const, "directory" as const),
      made: fc.boolean(),
    }),
  );
  const aGrant = fc.record({
    kind: fc.constantFrom("file" as const, "directory" as const),
    path: aPath,
    half: aHalf,
  });
  const aCase = fc.record({
    uses: fc.array(aUse, { maxLength: 25 }),
    denied: fc.array(aPath, { maxLength: 3 }),
    deniedWrites: fc.array(aPath, { maxLength: 2 }),
    tooWide: fc.array(aPath, { maxLength: 2 }),
    groups: fc.array(fc.array(aGrant, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  });

  const surroundingsOf = ({ denied, deniedWrites, tooWide, groups }: Case): Surroundings => ({
    bounds: {
      denied: { read: denied, write: [...denied, ...deniedWrites] },
      tooWide: [at("/"), ...tooWide],
      guarded: [],
      temporary: [],
      work: [at("/w"), at("/h")],
    },
    groups: groups.map((grants, index) => ({ name: `g${index}`, grants })),
    exists: () => false,
  });
  type Case = typeof aCase extends fc.Arbitrary<infer T> ? T : never;

  /** Said anew, without what the generaliser itself goes by. */
  function allows(grants: readonly Entry[], creations: readonly string[], use: Use): boolean {
    const below = (path: string, top: string) => path === top || path.startsWith(`${top}/`);
    const has = (path: string, half: Half) =>
      grants.some(
        (grant) =>
          grant.half === half &&
          (grant.kind === "directory"
            ? below(path, grant.path)
            : grant.kind === use.kind && path === grant.path),
      );
    const named = grants.some(
      (grant) =>
        grant.kind === "names" &&
        use.path.startsWith(grant.path) &&
        !use.path.slice(grant.path.length).includes("/"),
    );
    if (use.kind !== "entry") return has(use.path, use.half) || (use.kind === "file" && named);
    const parent = use.path.slice(0, use.path.lastIndexOf("/"));
    const saved = grants.some((grant) => grant.kind === "file" && `${grant.path}.tmp` === use.path);
    if (has(parent, "write") || saved || named) return true;
    return use.of === "directory" && use.made && creations.some((one) => below(one, use.path));
  }

  const grantsOf = (one: Case) => {
    const learned = generalise(one.uses, surroundingsOf(one));
    const groups = learned.groups.map((name) => one.groups[Number(name.slice(1))] ?? []);
    return { learned, units: [...groups, ...learned.entries.map((entry) => [entry])] };
  };

  it("covers every use, or says which it left out", () =>
    fc.assert(
      fc.property(aCase, (one) => {
        const { learned, units } = grantsOf(one);
        const left = new Set(learned.leftOut.map(({ use }) => use));
        const uncovered = one.uses.filter(
          (use) => !left.has(use) && !allows(units.flat(), learned.creations, use),
        );
        expect(uncovered).toEqual([]);
      }),
      { numRuns: 2000 },
    ));

  it("has nothing that could be taken away: then something is uncovered", () =>
    fc.assert(
      fc.property(aCase, (one) => {
        const { learned } = grantsOf(one);
        const offers = surroundingsOf(one).groups;
        const units = [
          ...learned.groups.map((name) => offers.find((group) => group.name === name)?.grants ?? []),
          ...learned.entries.map((entry) => [entry]),
        ];
        for (const unit of units) {
          const others = units.filter((other) => other !== unit).flat();
          expect(unit.some((grant) => !others.some((other) => covers(other, grant)))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    ));

  it("never covers, lies in or contains what is denied, and grants nothing too wide", () =>
    fc.assert(
      fc.property(aCase, (one) => {
        const { learned } = grantsOf(one);
        const { denied, tooWide } = surroundingsOf(one).bounds;
        const below = (path: string, top: string) =>
          path === top || path.startsWith(top === "/" ? "/" : `${top}/`);
        const touched = ({ kind, path, half }: Entry) =>
          denied[half].filter((one) => below(path, one) || (kind === "directory" && below(one, path)));
        const begun = ({ kind, path }: Entry) =>
          kind === "names" ? denied.write.filter((one) => one.startsWith(path)) : [];
        const offered = learned.groups.flatMap((name) => one.groups[Number(name.slice(1))] ?? []);
        expect(learned.entries.flatMap((entry) => [...touched(entry), ...begun(entry)])).toEqual([]);
        expect(
          offered.flatMap((grant) => denied[grant.half].filter((one) => below(one, grant.path))),
        ).toEqual([]);
        const directories = learned.entries.filter(({ kind }) => kind === "directory");
        expect(directories.filter(({ path }) => tooWide.includes(path))).toEqual([]);
      }),
      { numRuns: 2000 },
    ));
});
