import { expect, it } from "vitest";
import { strikeOut } from "./strike-out.ts";

it("strikes the values out of every text, a longer one before its beginning", () => {
  const data = { path: "/a/abcdef", list: [{ text: "abcd" }, 7, null], flag: true, fine: "abc" };
  expect(strikeOut(data, ["abcd", "abcdef"])).toEqual({
    path: "/a/[redacted]",
    list: [{ text: "[redacted]" }, 7, null],
    flag: true,
    fine: "abc",
  });
});

it("leaves everything as it is for values that any word may hold", () => {
  const data = { path: "/a/abc" };
  expect(strikeOut(data, ["abc", ""])).toBe(data);
});
