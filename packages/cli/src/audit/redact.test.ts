import fc from "fast-check";
import type { JsonObject } from "nono-ts";
import { describe, expect, it } from "vitest";
import { Redactor, secretsOf } from "./redact.ts";
import { ARGUMENT_RULES, TEXT_RULES } from "./redaction-rules.ts";

const redactor = new Redactor({ injected: [], values: ["the very secret"], names: ["--pin"], patterns: [] });
const command = (...words: string[]) => redactor.data({ command: words }) as { command: string[] };

describe("a command line", () => {
  it.each([
    [
      ["curl", "--api-key", "hunter2"],
      ["curl", "--api-key", "[redacted]"],
    ],
    [
      ["curl", "--api-key=hunter2"],
      ["curl", "--api-key=[redacted]"],
    ],
    [
      ["env", "DB_PASSWORD=hunter2", "x"],
      ["env", "DB_PASSWORD=[redacted]", "x"],
    ],
    [
      ["curl", "-u", "me:hunter2"],
      ["curl", "-u", "me:[redacted]"],
    ],
    [
      ["curl", "-H", "Authorization: Bearer hunter2"],
      ["curl", "-H", "Authorization: [redacted]"],
    ],
    [
      ["tool", "--pin", "1234"],
      ["tool", "--pin", "[redacted]"],
    ],
    [
      ["sh", "-c", "TOKEN='a b' run"],
      ["sh", "-c", "TOKEN=[redacted] run"],
    ],
    [
      ["echo", "x the very secret y"],
      ["echo", "x [redacted] y"],
    ],
    [
      ["git", "clone", "https://me:hunter2@example.com/r"],
      ["git", "clone", "https://[redacted]@example.com/r"],
    ],
  ])("%j loses its secrets", (words, clean) => {
    expect(command(...words).command).toEqual(clean);
  });

  it.each([
    [["git", "commit", "-m", "fix the tokenizer"]],
    [["cat", "secrets.txt", "token.ts"]],
    [["make", "CC=gcc", "--jobs", "4"]],
    [["curl", "https://example.com/?page=2"]],
    [["tool", "--token", "--verbose"]],
  ])("%j stays as it is", (words) => {
    expect(redactor.data({ command: words })).toEqual({ command: words });
  });
});

describe("every rule", () => {
  it.each([...ARGUMENT_RULES, ...TEXT_RULES].map(({ name, example }) => [name, example]))(
    "finds its example: %s",
    (_, example) => {
      const { command: words } = command("tool", example as string);
      expect(words[1]).toContain("[redacted]");
      expect(words[1]).not.toContain("hunter2");
    },
  );
});

it("marks what it took out, however deep it stands", () => {
  const data: JsonObject = {
    process: { command: ["x", "--password", "p"] },
    path: "/tmp/the very secret/file",
    "a/b": [{ url: "https://u:p@host/" }],
  };
  expect(redactor.data(data).redacted).toEqual(["/process/command/2", "/path", "/a~1b/0/url"]);
});

it("finds in many texts what it finds in one", () => {
  const noise = fc.array(
    fc.oneof(fc.string(), fc.constantFrom("--verbose", "-u", "a=b", "/usr/bin/env", "x:y")),
  );
  const rules = fc.constantFrom(...ARGUMENT_RULES, ...TEXT_RULES);
  fc.assert(
    fc.property(noise, noise, rules, (before, after, { example }) => {
      const { command: words } = command(...before, example, ...after);
      expect(words[before.length]).toBe(redactor.commandLine([...before, example])[before.length]);
      expect(words[before.length]).toContain("[redacted]");
    }),
  );
});

it("takes out what a user's own expressions find", () => {
  const own = new Redactor({ injected: [], values: [], names: [], patterns: ["^EMP-\\d+$", "corp[a-z]+"] });
  expect(own.data({ command: ["x", "EMP-123", "xEMP-123", "corpsecret.txt"] })).toMatchObject({
    command: ["x", "[redacted]", "xEMP-123", "[redacted].txt"],
    redacted: ["/command/1", "/command/3"],
  });
});

it("knows the secrets in an environment by their names", () => {
  expect(secretsOf({ GITHUB_TOKEN: "abcdefgh", HOME: "/home/me" })).toEqual(["abcdefgh"]);
});

// A program may execute anything with it, and the session waits meanwhile.
it.each([
  "token-",
  "--token-",
  "x-key-",
  "?token",
  "a.",
  "a://",
  "eyJaaaaaaaa-",
  "-----BEGIN ",
  "auth ",
  "token='",
])("nothing that is made of %s takes long", (part) => {
  const text = `= :// ${part.repeat(4000)}`;
  const begun = performance.now();
  command("true", text, `--token ${text}`, `${text}=`);
  expect(performance.now() - begun).toBeLessThan(30_000);
});

it("takes a command of very many arguments", () => {
  expect(command(...Array(100_000).fill("a"), "--token", "hunter2").command.at(-1)).toBe("[redacted]");
  const many = { command: Array(300_000).fill("") };
  expect(redactor.data(many)).toEqual(many);
});
