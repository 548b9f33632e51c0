// Variables that no secret goes into: they decide which code a program runs, whom it trusts, or where it looks for
// things. A mistyped name, or a profile of somebody else's, must not turn a secret into one of them.

import { isLoaderVariable } from "nono-ts";
import { WITHHOLDINGS } from "./withheld-names.ts";

type Refusal = Readonly<{ why: string; names: RegExp }>;

const REFUSALS: readonly Refusal[] = [
  ...WITHHOLDINGS.filter(({ isSecret }) => !isSecret).map(({ why, names }) => ({ why, names })),
  {
    why: "it says where programs and files are looked for",
    names:
      /^(?:\w*PATH|\w*HOME|\w+_(?:DIR|DIRS|ROOT|CONFIG_FILE)|SHELL|PWD|OLDPWD|TMPDIR|TMP|TEMP|TERMINFO|XDG_\w+|VIRTUAL_ENV|HISTFILE|MAIL)$/,
  },
  {
    why: "it says which configuration a program takes, or which server it talks to",
    names:
      /^(?:KUBECONFIG|DOCKER_(?:HOST|CONFIG|CONTEXT)|(?:ANSIBLE|STARSHIP|DIRENV)_CONFIG|MISE_(?!GITHUB)\w+|TF_CLI_\w+|OPENCODE_CONFIG\w*|(?:SCREEN|INPUT|WGET|CURL)RC|AWS_SHARED_CREDENTIALS_FILE|VAULT_ADDR|\w+_(?:BASE|ENDPOINT)_URL|NO_PROXY|no_proxy)$/,
  },
  {
    why: "it says who the user is, on which terminal, and in which language",
    names: /^(?:USER|LOGNAME|TERM|TTY|TMUX|COLUMNS|LINES|DISPLAY|WAYLAND_DISPLAY|LANG|LANGUAGE|LC_\w+|TZ)$/,
  },
  {
    why: "it changes how a shell reads commands",
    names: /^(?:IFS|PS[0-4]|SHELLOPTS|BASHOPTS|BASH_(?!TOKEN|API)\w+|POSIXLY_CORRECT|_)$/,
  },
  {
    why: "it names a command that other programs run",
    names:
      /^(?:\w*EDITOR|VISUAL|\w*PAGER|\w*BROWSER|\w+_(?:SSH|RSH)|FZF_\w+|CLAUDE_CODE_SHELL\w*|CLOUDSDK_PYTHON|CONDA_EXE|CC|CXX|CPP|FC|LD|AR|AS|NM|STRIP|RANLIB|PKG_CONFIG|CMAKE_\w+|CGO_\w+|MAKE\w*|MFLAGS|GNUMAKEFLAGS)$/,
  },
  {
    why: "git runs what it names, or takes it as configuration",
    names:
      /^GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|ATTR_\w+|CEILING_DIRECTORIES|COMMON_DIR|CONFIG\w*|DIR|EDITOR|EXEC_PATH|INDEX_FILE|NAMESPACE|OBJECT_DIRECTORY|PAGER|PROTOCOL\w*|ALLOW_PROTOCOL|SEQUENCE_EDITOR|SHALLOW_FILE|SSL_\w+|TEMPLATE_DIR|TRACE\w*|WORK_TREE|PROXY_\w+|DEFAULT_\w+|GLOB_\w+)$/,
  },
  {
    why: "it loads code into a program",
    names:
      /^(?:DOTNET_\w+|COR(?:ECLR)?_\w+|(?:ERL|ELIXIR)_\w+|R_LIBS\w*|(?:VIM|EX|GVIM)INIT|VIM|VIMRUNTIME|GTK_MODULES|GIO_\w+|TS_NODE_\w+|YARN_RC_FILENAME)$/,
  },
  {
    why: "it is an option of an interpreter or a build tool",
    names:
      /^(?:LESS|TAR_OPTIONS|GREP_OPTIONS|UNZIP|ZIPOPT|NODE_(?!AUTH|API)\w+|BUN_\w+|DENO_(?!AUTH|DEPLOY)\w+|PYTHON\w+|PERL\w*|RUBY\w*|GEM_(?!HOST_API)\w+|BUNDLE_(?:GEMFILE|PATH|CONFIG|APP_CONFIG)|PHP_\w+|LUA_\w+|JAVA_\w*OPTS|JAVA_HOME|MAVEN_\w+|GRADLE_(?!PUBLISH)\w+|RUSTFLAGS|RUSTC\w*|RUSTDOC\w*|CARGO_(?!REGISTR(?:Y|IES)_)\w+|GO(?:FLAGS|PATH|ROOT|ENV|PROXY|TOOLCHAIN|NOSUMCHECK|NOSUMDB|SUMDB|INSECURE|PRIVATE)|[CFL]+FLAGS|CPPFLAGS|CXXFLAGS)$/,
  },
  {
    why: "npm takes it as configuration",
    names: /^npm_config_(?!.*(?:auth|token|password|_?otp))\w+$/i,
  },
  {
    why: "it says whose certificates are trusted",
    names: /^(?:SSL_CERT_(?:FILE|DIR)|(?:CURL|REQUESTS|AWS)_CA_BUNDLE|PIP_CERT|SSLKEYLOGFILE|OPENSSL_\w+)$/,
  },
  { why: "it is nono's own", names: /^NONO_\w*$/ },
];

/** Why a secret may not go into the variable; undefined: it may. */
export function whyNoDestination(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "it is no name of a variable";
  if (isLoaderVariable(name)) return "it loads code into programs";
  return REFUSALS.find(({ names }) => names.test(name))?.why;
}
