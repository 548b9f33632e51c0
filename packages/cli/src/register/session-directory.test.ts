import { expect, it } from "vitest";
import { makeTree } from "../../test/policy/fixtures.ts";
import { sessionNames } from "./session-directory.ts";

it("lists sessions by age, those of one second by number", () => {
  using tree = makeTree({
    "state/sessions/20260801-210405-10000/": "",
    "state/sessions/20260801-210405-9999/": "",
    "state/sessions/20260801-210404-20000/": "",
    "state/sessions/.20260801-210405-1/": "",
  });
  expect(sessionNames(tree.at("state"))).toEqual([
    "20260801-210404-20000",
    "20260801-210405-9999",
    "20260801-210405-10000",
  ]);
});
