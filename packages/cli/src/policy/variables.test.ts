import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIXED_VARIABLES } from "../../test/policy/fixtures.ts";
import { expand, expandPath, referencesIn, VARIABLE_NAMES, variablesOf } from "./variables.ts";

const machine = { home: "/home/u", workdir: "/w", tmpdir: "/t", uid: 7, terminal: undefined, env: {} };

describe("variablesOf", () => {
  it("gives the standard defaults where the environment says nothing", () => {
    expect(variablesOf(machine)).toMatchObject({
      HOME: "/home/u",
      UID: "7",
      XDG_CONFIG_HOME: "/home/u/.config",
      XDG_DATA_HOME: "/home/u/.local/share",
      XDG_STATE_HOME: "/home/u/.local/state",
      XDG_CACHE_HOME: "/home/u/.cache",
      CLOUDSDK_CONFIG: "/home/u/.config/gcloud",
      GOMODCACHE: "/home/u/go/pkg/mod",
    });
  });

  it("follows what the environment moves, and the defaults that stand on it", () => {
    const env = { XDG_CONFIG_HOME: "/cfg", GOPATH: "/go/a:/go/b" };
    expect(variablesOf({ ...machine, env })).toMatchObject({
      XDG_CONFIG_HOME: "/cfg",
      CLOUDSDK_CONFIG: "/cfg/gcloud",
      GOPATH: "/go/a",
      GOMODCACHE: "/go/a/pkg/mod",
    });
  });

  it("takes a relative or empty path as not set, as the XDG specification asks", () => {
    const env = { XDG_CONFIG_HOME: "relative", XDG_DATA_HOME: "", XDG_RUNTIME_DIR: "run" };
    expect(variablesOf({ ...machine, env })).toMatchObject({
      XDG_CONFIG_HOME: "/home/u/.config",
      XDG_DATA_HOME: "/home/u/.local/share",
      XDG_RUNTIME_DIR: undefined,
    });
  });

  it("does not let the environment choose what nono sets", () => {
    const env = { HOME: "/other", WORKDIR: "/other", TMPDIR: "/other", UID: "0", TTY: "/dev/sda" };
    expect(variablesOf({ ...machine, env })).toMatchObject({
      HOME: "/home/u",
      WORKDIR: "/w",
      TMPDIR: "/t",
      UID: "7",
      TTY: undefined,
    });
  });

  it("needs an absolute home", () => {
    expect(() => variablesOf({ ...machine, home: "home" })).toThrow(
      "there is no home directory to protect: HOME is not an absolute path: set HOME to an absolute path",
    );
  });
});

describe("expand", () => {
  it.each([
    ["$HOME/x", "/home/user/x"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text under test
    ["${HOME}x", "/home/userx"],
    ["a$UID-b", "a1000-b"],
    ["$$HOME", "$HOME"],
    ["$$$HOME", "$/home/user"],
    ["plain", "plain"],
  ])("%s is %s", (text, value) => expect(expand(text, FIXED_VARIABLES)).toEqual({ value }));

  it("says which variable has no value", () => {
    expect(expand("$HOME/$TTY/x", { ...FIXED_VARIABLES, TTY: undefined })).toEqual({ unset: "TTY" });
    expect(expand("$NEVER_HEARD_OF", FIXED_VARIABLES)).toEqual({ unset: "NEVER_HEARD_OF" });
    expect(expand("$constructor", FIXED_VARIABLES)).toEqual({ unset: "constructor" });
  });

  it("leaves text without a dollar as it is", () =>
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("$")),
        (text) => {
          expect(expand(text, FIXED_VARIABLES)).toEqual({ value: text });
        },
      ),
    ));

  it("does not expand what a value holds", () => {
    expect(expand("$HOME/x", { ...FIXED_VARIABLES, HOME: "/home/$UID/$&" })).toEqual({
      value: "/home/$UID/$&/x",
    });
  });

  it("has a value for every text that uses only variables that have one", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...VARIABLE_NAMES.map((name) => `$${name}`), "$$", "/a", ".")),
        (parts) => {
          expect(expand(parts.join("/"), FIXED_VARIABLES)).toHaveProperty("value");
          expect(referencesIn(parts.join("/"))).toEqual(
            parts.filter((part) => /^\$[A-Z]/.test(part)).map((part) => part.slice(1)),
          );
        },
      ),
    ));
});

describe("expandPath", () => {
  it.each([
    ["~", "/home/user"],
    ["~/.ssh", "/home/user/.ssh"],
    ["/a/./b//c/", "/a/b/c"],
    ["/a~", "/a~"],
    ["$XDG_RUNTIME_DIR/x", "/run/user/1000/x"],
  ])("%s is %s", (text, value) => expect(expandPath(text, FIXED_VARIABLES)).toEqual({ value }));

  it("gives absolute paths without . and ..", () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom("~", "..", ".", "a", "$HOME", "$UID", "")), (parts) => {
        const expansion = expandPath(parts.join("/"), FIXED_VARIABLES);
        expect(expansion).toEqual({ value: expect.stringMatching(/^\//) });
        expect("value" in expansion && expansion.value.split("/").some((part) => /^\.\.?$/.test(part))).toBe(
          false,
        );
      }),
    ));
});
