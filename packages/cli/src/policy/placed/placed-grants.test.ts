import { pathResolver } from "nono-ts/internal";
import { expect, it } from "vitest";
import { makeTree } from "../../../test/policy/fixtures.ts";
import type { Grant } from "../policy.ts";
import { locate } from "./located.ts";
import { placeGrants } from "./placed-grants.ts";

it("what nono grants by itself is where it was made, not where a link leads since", () => {
  using tree = makeTree({ "session/tmp/": "", "documents/": "", "other/tmp": "-> ../documents" });
  const grant = (from: Grant["from"], path: string): Grant => ({
    from,
    source: "test",
    original: path,
    path,
    kind: "directory",
    access: "read+write",
  });
  const place = (...grants: readonly Grant[]) =>
    placeGrants(locate(grants, pathResolver()), [], tree.root).grants;

  expect(place(grant("nono", tree.at("session/tmp"))).map(({ real }) => real.path)).toEqual([
    tree.at("session/tmp"),
  ]);
  expect(() => place(grant("nono", tree.at("other/tmp")))).toThrow(
    expect.objectContaining({ code: "link-untrusted" }),
  );
  // control: whom a person names it to may lead there
  expect(place(grant("flag", tree.at("other/tmp"))).map(({ real }) => real.path)).toEqual([
    tree.at("documents"),
  ]);
});
