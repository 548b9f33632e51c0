import { describe, expect, it } from "vitest";
import { NonoError } from "../error.ts";
import { isAllowance, rawRule } from "./platform-rule.ts";

describe("a rule of the caller's own", () => {
  it.each([
    "(deny file-write-unlink)",
    '(allow mach-lookup (global-name "com.apple.x"))',
    '(allow file-read* (subpath "/a (b) \\" ; c"))',
    '(allow file-read* (require-all (regex #"^/dev/ttys[0-9]+$") (vnode-type TTY)))',
    '(deny file-read*\n  (literal "/a"))',
    "(allow (with report) sysctl-read)",
  ])("is taken as it is: %s", (text) => {
    expect(rawRule(text)).toEqual({ text });
  });

  it.each([
    ["(allow default)", "the default is to deny"],
    ["(deny file-read*) (allow file-read*)", "something stands behind it"],
    ["(deny file-read*", "not closed"],
    ["(deny file-read*))", "something stands behind it"],
    ['(deny file-read* (literal "/a))', "has no end"],
    ['(import "system.sb")', "not of the form"],
    ["allow file-read*", "not of the form"],
    ["", "not of the form"],
    ["(allow)", "names no operation"],
    ["(allow file-read* ; )\n)", "comment"],
    ["(allow file-read* #\\( )", "backslash"],
    ['(allow file-read* (regex #"a\\" "))', "backslash"],
    ["(allow file-read*\0)", "NUL"],
  ])("is refused where it is none: %j", (text, reason) => {
    expect(() => rawRule(text)).toThrow(NonoError);
    expect(() => rawRule(text)).toThrow(reason);
  });

  it("opens something unless it denies", () => {
    expect(isAllowance({ text: "(deny file-write-unlink)" })).toBe(false);
    expect(isAllowance({ text: "(allow file-read*)" })).toBe(true);
  });
});
