import fc from "fast-check";
import { isLoaderVariable } from "nono-ts/internal";
import { describe, expect, it } from "vitest";
import { policyFrom } from "../../../test/policy/fixtures.ts";
import { PROFILES } from "../data/profiles.ts";
import type { Profile } from "../form/profile-form.ts";
import { environmentOf } from "./environment.ts";

const whyOf = (name: string, value = "x", profile: Profile = {}, allowEnv: readonly string[] = []) =>
  environmentOf({ [name]: value }, policyFrom([profile], { allowEnv })).withheld[0]?.why;

describe("environmentOf", () => {
  it.each([
    "HOME PATH PWD OLDPWD USER LOGNAME SHELL TERM COLORTERM LANG LC_ALL TZ EDITOR PAGER DISPLAY XDG_CONFIG_HOME XDG_RUNTIME_DIR",
    "XDG_SESSION_ID DESKTOP_SESSION SSH_CONNECTION SSH_TTY GPG_TTY NODE_ENV CI DEBUG NO_COLOR FORCE_COLOR HTTP_PROXY no_proxy",
    "CARGO_HOME RUSTUP_HOME GOPATH JAVA_HOME VIRTUAL_ENV NVM_DIR GIT_AUTHOR_NAME GIT_DIR AWS_REGION AWS_DEFAULT_REGION AWS_CA_BUNDLE",
    "TOKENIZERS_PARALLELISM CLAUDE_CODE_MAX_OUTPUT_TOKENS MAX_THINKING_TOKENS GPG_KEY SSH_PUBLIC_KEY KEYBOARD MONKEY KEYMAP XKB_DEFAULT_LAYOUT AUTHOR COMPASS",
  ])("passes %s", (names) => {
    for (const name of names.split(" ")) expect([name, whyOf(name)]).toEqual([name, undefined]);
  });

  it.each([
    [
      "it loads code into programs",
      "LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GLIBC_TUNABLES GCONV_PATH",
    ],
    [
      "it loads code into programs",
      "NODE_OPTIONS BUN_OPTIONS BUN_BE_BUN BASH_ENV ENV PERL5OPT RUBYOPT PYTHONSTARTUP",
    ],
    ["it loads code into programs", "JAVA_TOOL_OPTIONS _JAVA_OPTIONS BASH_FUNC_ls%%"],
    [
      "it leads to an agent or a bus outside the sandbox",
      "SSH_AUTH_SOCK DBUS_SESSION_BUS_ADDRESS GPG_AGENT_INFO XAUTHORITY",
    ],
    [
      "it names a command that other programs run",
      "GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS GIT_CONFIG_GLOBAL GIT_CONFIG_KEY_0",
    ],
    ["it says where interpreters look for code", "NODE_PATH PYTHONPATH PERL5LIB RUBYLIB CLASSPATH"],
    ["the C library distrusts it where rights differ", "HOSTALIASES RES_OPTIONS MALLOC_TRACE TZDIR"],
    [
      "it belongs to an account in a cloud",
      "AWS_PROFILE AWS_ACCESS_KEY_ID AZURE_CLIENT_ID GOOGLE_APPLICATION_CREDENTIALS OP_SESSION_x",
    ],
    [
      "its name is that of a secret",
      "GITHUB_TOKEN NPMTOKEN API_KEY OPENAI_API_KEY DB_PASSWORD PGPASSWORD MYSQL_PWD SECRET_KEY_BASE",
    ],
    [
      "its name is that of a secret",
      "SENTRY_DSN SLACK_WEBHOOK_URL npm_config_authtoken GH_PAT DOCKER_AUTH_CONFIG KUBECONFIG my_secret",
    ],
  ])("withholds because %s: %s", (why, names) => {
    for (const name of names.split(" ")) expect([name, whyOf(name)]).toEqual([name, why]);
  });

  it.each([
    ["its value is a URL with a password", "postgres://user:pass@host/db"],
    ["its value is a URL with a password", "http://u:p@proxy:3128"],
    ["its value is a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nx"],
    ["its value has the form of a token", `ghp_${"a".repeat(36)}`],
    ["its value has the form of a token", "AKIAIOSFODNN7EXAMPLE"],
    [undefined, "https://host:8080/a@b"],
    [undefined, "postgres://user@host/db"],
    [undefined, "sk-learn"],
  ])("looks at values: %s", (why, value) => expect(whyOf("HARMLESS", value)).toBe(why));

  it("passes what is allowed by name or pattern, but never what loads code", () => {
    expect(whyOf("GITHUB_TOKEN", "x", {}, ["GITHUB_TOKEN"])).toBeUndefined();
    expect(whyOf("AWS_SECRET_ACCESS_KEY", "x", {}, ["AWS_*"])).toBeUndefined();
    expect(whyOf("URL", "http://u:p@h", { environment: { allow_vars: ["*RL"] } })).toBeUndefined();
    expect(whyOf("LD_PRELOAD", "x", {}, ["*"])).toBe("it loads code into programs");
  });

  it("withholds what a profile denies, also when it is allowed", () => {
    const profile: Profile = { environment: { deny_vars: ["HTTP_*"], allow_vars: ["HTTP_PROXY"] } };
    expect(whyOf("HTTP_PROXY", "x", profile, ["*"])).toBe("profile:test denies it");
  });

  it("sets what profiles set, and counts that as passed", () => {
    const profile: Profile = {
      environment: { set_vars: { A: "1", GITHUB_TOKEN: "none" }, deny_vars: ["A"] },
    };
    expect(environmentOf({ GITHUB_TOKEN: "real", PATH: "/bin" }, policyFrom([profile]))).toEqual({
      environment: { PATH: "/bin", A: "1", GITHUB_TOKEN: "none" },
      withheld: [],
    });
  });

  it("lists what is withheld by name, and leaves everything else as it is", () => {
    const caller = { Z_TOKEN: "1", A_TOKEN: "2", PATH: "/bin", EMPTY: "", GONE: undefined };
    expect(environmentOf(caller, policyFrom([]))).toEqual({
      environment: { PATH: "/bin", EMPTY: "" },
      withheld: [
        { name: "A_TOKEN", why: "its name is that of a secret" },
        { name: "Z_TOKEN", why: "its name is that of a secret" },
      ],
    });
  });

  it("leaves agents the keys that they read, and no others", () => {
    const agents = {
      "claude-code": "ANTHROPIC_API_KEY",
      opencode: "ANTHROPIC_API_KEY",
      openclaw: "OPENAI_API_KEY",
      codex: "OPENAI_API_KEY",
    };
    for (const [name, key] of Object.entries(agents)) {
      const profile = PROFILES[name] ?? {};
      expect([name, whyOf(key, "x", profile)]).toEqual([name, undefined]);
      expect([name, whyOf("GITHUB_TOKEN", "x", profile)]).toEqual([name, "its name is that of a secret"]);
    }
  });

  it("gives every variable exactly one place, and none that loads code", () => {
    const aName = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("LD_PRELOAD", "A_KEY", "PATH", "NODE_OPTIONS", "__proto__"),
    );
    fc.assert(
      fc.property(fc.dictionary(aName, fc.string()), fc.array(aName), (caller, allowed) => {
        const patterns = allowed.filter((name) => /^[^=\0]+$/.test(name));
        const { environment, withheld } = environmentOf(caller, policyFrom([], { allowEnv: patterns }));
        expect([...Object.keys(environment), ...withheld.map(({ name }) => name)].sort()).toEqual(
          Object.keys(caller).sort(),
        );
        expect(Object.keys(environment).filter(isLoaderVariable)).toEqual([]);
      }),
    );
  });
});
