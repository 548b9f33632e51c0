import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENTRIES } from "../commands/index.ts";
import { isGroup, optionsOf } from "./command.ts";
import { COMMON } from "./common-options.ts";
import { flagOf, type Option } from "./option.ts";
import { parse } from "./parse.ts";

const parsed = (line: string, env: Record<string, string> = {}) =>
  parse(line.split(" ").filter(Boolean), env, ENTRIES);

const COMMANDS = ENTRIES.flatMap((entry) =>
  isGroup(entry)
    ? entry.commands.map((command) => ({ words: [entry.name, command.name], command }))
    : [{ words: [entry.name], command: entry }],
);

/** A value that an option takes; undefined: it takes none. A list has two. */
function aValueOf(option: Option): string | undefined {
  if (option.kind === "switch" || option.kind === "below") return undefined;
  if (option.kind === "many") return "/a:/b";
  return ["7", "word", ...option.operand.completion].find((text) => option.operand.parse(text) !== undefined);
}

const onOf = (option: Option) => (option.kind === "switch" && option.negative ? "0" : "1");

describe("the command", () => {
  it("starts at the first word that is no option", () => {
    const call = parsed("run --allow-cwd ls -a --profile x");
    expect(call).toMatchObject({
      trail: "nono run",
      operands: ["ls", "-a", "--profile", "x"],
      problem: undefined,
    });
    expect(call.flags).toMatchObject({ allowCwd: ["."], profile: undefined });
  });

  it("starts behind --, whatever it looks like", () => {
    expect(parsed("run -- --version -s")).toMatchObject({
      operands: ["--version", "-s"],
      silent: false,
      version: false,
    });
  });

  it("must be given", () => {
    expect(parsed("run --allow-cwd").problem).toMatchObject({ code: "operand-missing", command: "nono run" });
    expect(parsed("run --").problem).toMatchObject({ code: "operand-missing" });
  });

  it("may be one of several under a name", () => {
    expect(parsed("profile show --json claude-code")).toMatchObject({
      trail: "nono profile show",
      operands: ["claude-code"],
      flags: { json: true },
      problem: undefined,
    });
  });

  it("takes no more operands than it says", () => {
    expect(parsed("setup now").problem).toEqual({
      code: "operand-unexpected",
      command: "nono setup",
      operand: "now",
    });
    expect(parsed("-- ls").problem).toMatchObject({ code: "operand-unexpected", command: "nono" });
  });

  it("gets a suggestion when it is mistyped", () => {
    expect(parsed("rnu -- ls").problem).toMatchObject({ code: "unknown-command", nearest: "nono run" });
    expect(parsed("profile lst").problem).toMatchObject({
      code: "unknown-command",
      nearest: "nono profile list",
    });
    expect(parsed("frobnicate").problem).toMatchObject({ nearest: undefined });
  });
});

describe("an option", () => {
  it.each(["--profile dev", "--profile=dev", "-p dev", "-pdev", "-p=dev", "-vp dev"])(
    "can be written %s",
    (text) => {
      expect(parsed(`run ${text} ls`)).toMatchObject({
        flags: { profile: "dev" },
        operands: ["ls"],
        problem: undefined,
      });
    },
  );

  it("that takes a list keeps the order and everything else in the values", () => {
    expect(parsed("run --read a --read=b=c -r d ls").flags).toMatchObject({ read: ["a", "b=c", "d"] });
  });

  it("gets a suggestion when it is mistyped", () => {
    expect(parsed("run --alow-cwd ls").problem).toMatchObject({
      code: "unknown-option",
      nearest: "--allow-cwd",
    });
    expect(parsed("run --read-flie x ls").problem).toMatchObject({ nearest: "--read-file" });
    expect(parsed("run -x ls").problem).toMatchObject({ code: "unknown-option", given: "-x" });
  });

  it("of another command is not known", () => {
    expect(parsed("wrap --no-diagnostics ls").problem).toMatchObject({ code: "unknown-option" });
    expect(parsed("--profile x run ls").problem).toMatchObject({ code: "unknown-option", within: "nono" });
  });

  it("needs the value that it takes, and takes no other", () => {
    const missing = { code: "option-without-value", option: "--read", label: "DIR" };
    expect(parsed("run --read").problem).toEqual(missing);
    expect(parsed("run --read -- ls").problem).toEqual(missing);
    expect(parsed("run --read --allow x ls").problem).toEqual(missing);
    expect(parsed("run --dry-run=yes ls").problem).toEqual({
      code: "option-with-value",
      option: "--dry-run",
    });
    expect(parse(["run", "--read=", "ls"], {}, ENTRIES).problem).toMatchObject({
      code: "option-value",
      option: "--read",
    });
  });

  it.each(["0", "65536", "-1", "1e3", "http", "08", "1.5"])("that is a port does not take %s", (port) => {
    expect(parsed(`run --open-port=${port} ls`).problem).toMatchObject({ code: "option-value", value: port });
  });

  it("that is one of some words takes only those", () => {
    expect(parsed("why --path x --op write").flags).toMatchObject({ op: "write" });
    expect(parsed("why --path x --op execute").problem).toMatchObject({
      expected: "one of read, write, readwrite",
    });
  });

  it("that decides takes one value", () => {
    expect(parsed("run -p a -p b ls").problem).toEqual({ code: "option-twice", option: "--profile" });
    expect(parsed("run -p a -p a ls").problem).toBeUndefined();
  });
});

describe("--allow-cwd", () => {
  it("can be narrowed to directories below, several times", () => {
    expect(parsed("run --allow-cwd/src --allow-cwd/out/bin ls").flags).toMatchObject({
      allowCwd: ["src", "out/bin"],
    });
    expect(parsed("run --allow-cwd/a=b ls").flags).toMatchObject({ allowCwd: ["a=b"] });
  });

  it.each(["..", "../x", "a/../b", "a/..", "", "/etc", "a//b", ".", "a/"])(
    "cannot be narrowed to %j",
    (subdirectory) => {
      expect(parsed(`run --allow-cwd/${subdirectory} ls`).problem).toMatchObject({ code: "subdirectory" });
    },
  );

  it("is the only option that can", () => {
    expect(parsed("run --allow/src ls").problem).toMatchObject({ code: "unknown-option" });
  });
});

describe("-s and -v", () => {
  it.each(["-s run ls", "run -s ls", "--silent run ls", "run --allow-cwd --silent ls", "-vs run ls"])(
    "count in %s",
    (line) => {
      expect(parsed(line)).toMatchObject({ silent: true, operands: ["ls"], problem: undefined });
    },
  );

  it("count behind a mistake as well", () => {
    expect(parsed("run --alow-cwd -s ls")).toMatchObject({
      silent: true,
      problem: { code: "unknown-option" },
    });
    expect(parsed("run -p a -p b -v ls")).toMatchObject({ verbose: true, problem: { code: "option-twice" } });
  });

  it("belong to the command behind its name", () => {
    expect(parsed("run ls -s")).toMatchObject({ silent: false, operands: ["ls", "-s"] });
  });
});

describe("a path", () => {
  it("may begin with ~, whose place no shell takes behind = or in a variable", () => {
    const env = { HOME: "/home/me", NONO_ALLOW: "~:~/b", NONO_PROFILE: "~me" };
    expect(parsed("run --workdir=~/a --read ~x --read-file=/~ ls", env).flags).toMatchObject({
      workdir: "/home/me/a",
      read: ["~x"],
      readFile: ["/~"],
      allow: ["/home/me", "/home/me/b"],
      profile: "~me",
    });
    expect(parsed("run --workdir=~/a ls", { HOME: "" }).flags).toMatchObject({ workdir: "~/a" });
  });
});

describe("a variable", () => {
  it("stands for an option that is not given", () => {
    expect(
      parsed("run ls", { NONO_PROFILE: "dev", NONO_BLOCK_NET: "1", NONO_READ: "/a:/b", NONO_SILENT: "yes" }),
    ).toMatchObject({ flags: { profile: "dev", blockNet: true, read: ["/a", "/b"] }, silent: true });
    expect(parsed("run -p own ls", { NONO_PROFILE: "dev" }).flags).toMatchObject({ profile: "own" });
    expect(
      parsed("run ls", { NONO_ALLOW_CWD: "1", NONO_BLOCK_NET: "0", NONO_PROFILE: "" }).flags,
    ).toMatchObject({
      allowCwd: ["."],
      blockNet: false,
      profile: undefined,
    });
  });

  it("means what its option means, each of them, for every command that has it", () => {
    const seen = new Set<string>();
    for (const { words, command } of COMMANDS)
      for (const [name, option] of Object.entries({ ...COMMON, ...optionsOf(command) })) {
        if (option.env === undefined) continue;
        seen.add(option.env);
        const text = aValueOf(option);
        const flag = flagOf(name);
        const typed = text === undefined ? [flag] : text.split(":").flatMap((one) => [flag, one]);
        const line = (...options: string[]) => [
          ...words,
          ...options,
          ...Array(command.operands.min).fill("x"),
        ];
        const byVariable = parse(line(), { [option.env]: text ?? onOf(option) }, ENTRIES);
        const byOption = parse(line(...typed), {}, ENTRIES);
        const outcome = ({ problem, silent, verbose, flags }: typeof byOption) => ({
          ...{ problem, silent, verbose },
          value: flags?.[name],
        });
        expect(outcome(byVariable), `${option.env} for nono ${words.join(" ")}`).toEqual(outcome(byOption));
        expect(outcome(byOption)).not.toEqual(outcome(parse(line(), {}, ENTRIES))); // it means something
      }
    expect(seen.size).toBeGreaterThan(20);
  });

  it("is named when its value is wrong", () => {
    expect(parsed("run ls", { NONO_BLOCK_NET: "perhaps" }).problem).toMatchObject({
      option: "NONO_BLOCK_NET",
    });
    expect(parsed("run ls", { NONO_SILENT: "constructor" }).problem).toMatchObject({ option: "NONO_SILENT" });
  });
});

it("never throws, and keeps every word behind -- as it is", () =>
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (words, command) => {
      expect(() => parse(words, {}, ENTRIES)).not.toThrow();
      expect(parse(["run", "--", ...command], {}, ENTRIES).operands).toEqual(command);
    }),
  ));
