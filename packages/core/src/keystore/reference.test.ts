import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultVariableOf, parseSecretReference } from "./reference.ts";

describe("a reference", () => {
  it.each([
    ["openai_api_key", { scheme: "store", account: "openai_api_key" }, "OPENAI_API_KEY"],
    ["github.token-2", { scheme: "store", account: "github.token-2" }, "GITHUB_TOKEN_2"],
    ["2fa", { scheme: "store", account: "2fa" }, undefined],
    ["keyring://my%20app/api-key", { scheme: "keyring", service: "my app", account: "api-key" }, "API_KEY"],
    ["env://TOKEN", { scheme: "env", variable: "TOKEN" }, "TOKEN"],
    ["file:///run/secrets/a%20b", { scheme: "file", path: "/run/secrets/a b" }, undefined],
    ["op://Work/OpenAI/api key", { scheme: "op", uri: "op://Work/OpenAI/api key" }, undefined],
    ["bw://openai", { scheme: "bw", item: "openai", field: "password" }, undefined],
    ["bw://openai/org", { scheme: "bw", item: "openai", field: "org" }, undefined],
    ["cmd://pass show a%20b", { scheme: "cmd", program: "pass", args: ["show", "a b"] }, undefined],
  ])("reads %s", (text, reference, variable) => {
    expect(parseSecretReference(text)).toEqual(reference);
    expect(defaultVariableOf(parseSecretReference(text))).toBe(variable);
  });

  it.each([
    ["", "a name has letters"],
    ["a b", "a name has letters"],
    ["-rf", "a name has letters"],
    ["a/b", "a name has letters"],
    ["vault://a", "known are keyring, env, file, op, bw, cmd before ://"],
    ["constructor://a", "known are keyring"],
    ["keyring://service", "expected keyring://SERVICE/ACCOUNT"],
    ["keyring://a/b/c", "expected keyring://SERVICE/ACCOUNT"],
    ["keyring://%zz/b", "expected keyring://SERVICE/ACCOUNT"],
    ["env://A=B", "expected env://VARIABLE"],
    ["file://relative", "expected file:///ABSOLUTE/PATH"],
    ["file:///a\0b", "expected file:///ABSOLUTE/PATH"],
    ["op://vault", "expected op://VAULT/ITEM/FIELD"],
    ["bw://--help", "expected bw://ITEM"],
    ["cmd://", "expected cmd://PROGRAM"],
  ])("refuses %j", (text, reason) => {
    expect(() => parseSecretReference(text)).toThrow(reason);
  });

  it("is never repeated when it is refused: by mistake it may be the secret", () =>
    fc.assert(
      fc.property(fc.string({ minLength: 12, unit: fc.constantFrom(..."!?#+/:") }), (text) => {
        expect(() => parseSecretReference(text)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(text) }),
        );
      }),
    ));

  it("gives a variable's name or none", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,20}$/), (name) => {
        expect(defaultVariableOf(parseSecretReference(name)) ?? "NONE").toMatch(/^[A-Z_][A-Z0-9_]*$/);
      }),
    ));
});
