import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");
const exportedBy = (module: string) =>
  [...read(module).matchAll(/utf8name = "(\w+)"/g)].map(([, name]) => name);

it("macOS has every function of the addon that the library does not say is Linux's own", () => {
  const addon = read("../../core/src/native/addon.ts");
  const [, table = ""] = /const FUNCTIONS[^{]*\{([^}]*)\}/s.exec(addon) ?? [];
  const wanted = [...table.matchAll(/(\w+): true/g)].map(([, name]) => name);
  expect(wanted.length).toBeGreaterThan(20);
  expect(exportedBy("../src/darwin/addon/module.c")).toEqual(expect.arrayContaining(wanted));
  expect(exportedBy("../src/addon/module.c")).toEqual(expect.arrayContaining(wanted));
});
