import { expect, it } from "vitest";
import { compileFilter, DEFAULT_FILTER } from "./filter.ts";

/** The verdict on a path, asked for each directory on the way. */
function judged(filter: { exclude: readonly string[]; include: readonly string[] }, path: string): string {
  const judge = compileFilter(filter);
  const names = path.replace(/\/$/, "").split("/");
  let verdict: "captured" | "transit" | "excluded" = "captured";
  names.forEach((_, index) => {
    if (verdict === "excluded") return;
    const isDirectory = index < names.length - 1 || path.endsWith("/");
    verdict = judge(names.slice(0, index + 1).join("/"), isDirectory, verdict);
  });
  return verdict;
}

it("leaves out dependencies at every depth and captures version control", () => {
  expect(judged(DEFAULT_FILTER, "node_modules/a/index.js")).toBe("excluded");
  expect(judged(DEFAULT_FILTER, "packages/a/node_modules/")).toBe("excluded");
  expect(judged(DEFAULT_FILTER, ".git/config")).toBe("captured");
  expect(judged(DEFAULT_FILTER, "src/main.ts")).toBe("captured");
});

it("takes a slash at the end for directories only, and one inside from the root on", () => {
  const filter = { exclude: ["target/", "docs/*.html", "**/tmp/x"], include: [] };
  expect(judged(filter, "target")).toBe("captured");
  expect(judged(filter, "docs/a.html")).toBe("excluded");
  expect(judged(filter, "docs/deep/a.html")).toBe("captured");
  expect(judged(filter, "a/b/tmp/x")).toBe("excluded");
  expect(judged(filter, "a+b")).toBe("captured");
});

it("finds what is included inside what is excluded", () => {
  const filter = { exclude: ["node_modules/"], include: ["node_modules/mine"] };
  expect(judged(filter, "node_modules/")).toBe("transit");
  expect(judged(filter, "node_modules/mine/a.js")).toBe("captured");
  expect(judged(filter, "node_modules/other/a.js")).toBe("excluded");
});
