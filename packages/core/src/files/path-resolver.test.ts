import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalizeMissing } from "./canonical-path.ts";
import { pathResolver } from "./path-resolver.ts";

let root: string;

beforeAll(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "path-resolver-")));
  fs.mkdirSync(`${root}/a/b/c`, { recursive: true });
  fs.writeFileSync(`${root}/a/file`, "");
  fs.symlinkSync("b", `${root}/a/to-b`);
  fs.symlinkSync("to-b/../b/c", `${root}/a/through-link`);
  fs.symlinkSync(`${root}/a`, `${root}/absolute`);
  fs.symlinkSync("nowhere/x", `${root}/a/dangling`);
  fs.symlinkSync("loop-2", `${root}/loop-1`);
  fs.symlinkSync("loop-1", `${root}/loop-2`);
});

afterAll(() => fs.rmSync(root, { recursive: true }));

const aName = fc.constantFrom(
  "a",
  "b",
  "c",
  "file",
  "to-b",
  "through-link",
  "absolute",
  "dangling",
  "missing",
);

describe("pathResolver", () => {
  it("gives what canonicalizeMissing gives, whatever it has seen before", () => {
    fc.assert(
      fc.property(fc.array(fc.array(aName, { maxLength: 6 }), { minLength: 1, maxLength: 8 }), (files) => {
        const resolve = pathResolver();
        for (const components of files) {
          const file = path.join(root, ...components);
          expect(resolve(file).path).toBe(canonicalizeMissing(file));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says what is there", () => {
    const resolve = pathResolver();
    const kinds = ["a", "a/file", "a/to-b", "a/missing", "a/file/below", "a/dangling"].map(
      (file) => resolve(`${root}/${file}`).kind,
    );
    expect(kinds).toEqual(["directory", "file", "directory", "missing", "missing", "missing"]);
  });

  it("tells where the links lay", () => {
    expect(pathResolver()(`${root}/absolute/to-b/c`)).toEqual({
      path: `${root}/a/b/c`,
      kind: "directory",
      links: [`${root}/absolute`, `${root}/a/to-b`],
    });
  });

  it("leaves a place that does not exist by its name", () => {
    fs.symlinkSync("gone/deeper/../../c", `${root}/a/b/up`);
    expect(pathResolver()(`${root}/a/b/up`)).toMatchObject({ path: `${root}/a/b/c`, kind: "directory" });
    fs.symlinkSync("gone/deeper/..", `${root}/a/b/half-up`);
    expect(pathResolver()(`${root}/a/b/half-up`)).toMatchObject({
      path: `${root}/a/b/gone`,
      kind: "missing",
    });
  });

  it("ends where links lead in circles", () => {
    expect(pathResolver()(`${root}/loop-1/x`).kind).toBe("unreachable");
  });
});
