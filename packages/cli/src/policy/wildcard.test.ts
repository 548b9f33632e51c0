import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesWildcard } from "./wildcard.ts";

describe("matchesWildcard", () => {
  it.each([
    ["AWS_*", "AWS_REGION", true],
    ["AWS_*", "AWS_", true],
    ["AWS_*", "XAWS_", false],
    ["*_KEY", "API_KEY", true],
    ["*_KEY", "API_KEYS", false],
    [".claude.json.tmp.*", ".claude.json.tmp.12.ab", true],
    [".claude.json.tmp.*", ".claudexjson.tmp.1", false],
    ["lock?", "lock1", true],
    ["lock?", "lock", false],
    ["A*B*C", "AxxByyC", true],
    ["A*B*C", "ACB", false],
    ["A*A", "A", false],
    ["*", "", true],
    ["", "", true],
    ["", "A", false],
    ["a\nb*", "a\nb1", true],
  ])("%j and %j: %s", (pattern, name, expected) => expect(matchesWildcard(pattern, name)).toBe(expected));

  it("agrees with a regular expression", () => {
    const aName = fc.string({ unit: fc.constantFrom("A", "B", "_"), maxLength: 8 });
    const aPattern = fc.string({ unit: fc.constantFrom("A", "B", "_", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(aPattern, aName, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matchesWildcard(pattern, name)).toBe(expression.test(name));
      }),
      { numRuns: 2000 },
    );
  });

  it("matches a name without wildcards with itself only", () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, name) => {
        const plain = text.replace(/[*?]/g, "");
        expect(matchesWildcard(plain, name)).toBe(plain === name);
      }),
    ));
});
