// Variables that no secret goes into: they decide which code a program runs, whom it trusts, or where it looks for
// things. A mistyped name, or a profile of somebody else's, must not turn a secret into one of them.

import { isLoaderVariable } from "nono-ts/internal";
import { WITHHOLDINGS } from "./withheld-names.ts";

type Refusal = Readonly<{ why: string; names: RegExp }>;

const REFUSALS: readonly Refusal[] = [
  ...WITHHOLDINGS.filter(({ isSecret }) => !isSecret).map(({ why, names }) => ({ why, names })),
  {
    why: "it says where programs and files are looked for",
    names:
      /^(?:\w*PATH|\w*HOME|\w+_(?:DIR|DIRS|ROOT|CONFIG_FILE)|\w+_LIBRARY|SHELL|PWD|OLDPWD|TMPDIR|TMP|TEMP|TERMINFO|TERMCAP|XDG_\w+|XLOCALEDIR|VIRTUAL_ENV|CONDA_PREFIX|HISTFILE|MAIL)$/,
  },
  {
    why: "it says which configuration a program takes, or which server it talks to",
    names:
      /^(?:KUBECONFIG|DOCKER_(?:HOST|CONFIG|CONTEXT)|(?:ANSIBLE|STARSHIP|DIRENV)_CONFIG|MISE_(?!GITHUB)\w+|TF_CLI_\w+|OPENCODE_CONFIG\w*|(?:SCREEN|INPUT|WGET|CURL)RC|AWS_SHARED_CREDENTIALS_FILE|\w+_ADDR|\w+_(?:BASE|ENDPOINT|API)_URL|AWS_ENDPOINT_URL_\w+|\w+_API_BASE|(?:OLLAMA|GH|GITLAB|CONTAINER|BUILDKIT)_HOST|PGHOST|HF_ENDPOINT|(?:BOTO|CLOUDSDK|APT|NIX|TERRAFORM|KRB5)_CONFIG|NIX_REMOTE|RPM_CONFIGDIR|DPKG_\w+|CONTAINERS_CONF|COMPOSE_FILE|HELM_PLUGINS|LDAP(?:CONF|RC)|PG(?:SYSCONFDIR|SERVICEFILE)|ODBCINI|TNS_ADMIN|LYNX_CFG|MYVIMRC|NVIM_APPNAME|GITHUB_(?:ENV|OUTPUT|PATH)|MVNW_REPOURL|\w*(?:PROXYCHAINS|TORSOCKS)_CONF_FILE|NO_PROXY|no_proxy)$/,
  },
  {
    why: "it says who the user is, on which terminal, and in which language",
    names: /^(?:USER|LOGNAME|TERM|TTY|TMUX|COLUMNS|LINES|DISPLAY|WAYLAND_DISPLAY|LANG|LANGUAGE|LC_\w+|TZ)$/,
  },
  {
    why: "it changes how a shell reads commands",
    names:
      /^(?:IFS|PS[0-4]|KSH_ENV|(?:GLOB|EXEC|F)IGNORE|SHELLOPTS|BASHOPTS|BASH_(?!TOKEN|API)\w+|POSIXLY_CORRECT|_)$/,
  },
  {
    why: "it names a command that other programs run",
    names:
      /^(?:\w*EDITOR|VISUAL|\w*PAGER|\w*BROWSER|\w+_(?:SSH|RSH)|FZF_\w+|CLAUDE_CODE_SHELL\w*|CLOUDSDK_PYTHON|CONDA_EXE|FCEDIT|JAVACMD|HG|HGMERGE|RSH|(?:READ)?NULLCMD|\w+_(?:EXTERNAL_DIFF|EXECUTABLE|INTERPRETER|BIN|RUN_BINARY)|SELENIUM_SERVER_JAR|GST_PLUGIN_SCANNER|UV_PYTHON|GOAUTH|CC|CXX|CPP|FC|LD|AR|AS|NM|OBJCOPY|STRIP|RANLIB|GCCGO|GCC_EXEC_PREFIX|COLLECT_GCC\w*|CCACHE_\w+|DISTCC_\w+|QMAKESPEC|PKG_CONFIG|CMAKE_\w+|CGO_\w+|MAKE\w*|MFLAGS|GNUMAKEFLAGS)$/,
  },
  {
    why: "git runs what it names, or takes it as configuration",
    names:
      /^GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|ATTR_\w+|CEILING_DIRECTORIES|COMMON_DIR|CONFIG\w*|DIR|EDITOR|EXEC_PATH|GRAFT_FILE|INDEX_FILE|NAMESPACE|REDIRECT_\w+|REPLACE_REF_BASE|SSH_VARIANT|OBJECT_DIRECTORY|PAGER|PROTOCOL\w*|ALLOW_PROTOCOL|SEQUENCE_EDITOR|SHALLOW_FILE|SSL_\w+|TEMPLATE_DIR|TRACE\w*|WORK_TREE|PROXY_\w+|DEFAULT_\w+|GLOB_\w+)$/,
  },
  {
    why: "it loads code into a program",
    names:
      /^(?:DOTNET_\w+|COR(?:ECLR)?_\w+|(?:ERL|ELIXIR)_\w+|R_LIBS\w*|(?:VIM|EX|GVIM)INIT|VIM|VIMRUNTIME|GTK_MODULES|GTK2?_RC_FILES|GDK_PIXBUF_MODULE_FILE|GIO_\w+|VK_\w+|__EGL_\w+|OCL_ICD_\w+|SSH_SK_PROVIDER|ANSIBLE_(?:LIBRARY|\w+_PLUGINS|INVENTORY)|TS_NODE_\w+|TSC_\w+|ESLINT_\w+|ELECTRON_\w+|YARN_RC_FILENAME|MONO_\w+|OCTAVE_\w+|EMACS\w+|FAKECHROOT_\w+)$/,
  },
  {
    why: "it is an option of an interpreter or a build tool",
    names:
      /^(?:LESS(?:KEY\w*|EDIT)?|MORE|MAN(?:ROFF)?OPT|(?:TAR|GREP|LS|[ALTUM]SAN|UBSAN)_OPTIONS|(?:GIT_)?DIFF_OPT(?:ION)?S|VALGRIND_\w+|UNZIP|ZIPOPT|GZIP|BZIP2|XZ_(?:OPT|DEFAULTS)|TAPE|OCAMLRUNPARAM|GHCRTS|JULIA_\w+|NODE_(?!AUTH|API)\w+|BUN_\w+|DENO_(?!AUTH|DEPLOY)\w+|PYTHON\w+|PERL\w*|RUBY\w*|GEM_(?!HOST_API)\w+|BUNDLE_(?:GEMFILE|PATH|CONFIG|APP_CONFIG)|PHP_\w+|LUA_\w+|\w+_OPTS|ANT_ARGS|MAVEN_\w+|GRADLE_(?!PUBLISH)\w+|RUSTFLAGS|RUSTC\w*|RUSTDOC\w*|CARGO_(?!REGISTR(?:Y|IES)_)\w+|RUSTUP_\w+|GO(?:FLAGS|PATH|ROOT|ENV|PROXY|TOOLCHAIN|TOOLDIR|NOSUMCHECK|NOSUMDB|SUMDB|INSECURE|PRIVATE|MODCACHE|CACHE|BIN|MOD|WORK|VCS|TMPDIR|DEBUG|EXPERIMENT)|GO_EXTLINK_ENABLED|(?:C|F|FC|L|LD|CPP|CXX)FLAGS|LIBS|(?:DEPENDENCIES|SUNPRO)_\w+)$/,
  },
  {
    why: "npm takes it as configuration",
    names: /^npm_config_(?!.*(?:auth|token|password|_?otp))\w+$|^npm_config_\w*helper\w*$/i,
  },
  {
    why: "it says whose certificates are trusted",
    names: /^(?:SSL_CERT_(?:FILE|DIR)|(?:CURL|REQUESTS|AWS)_CA_BUNDLE|PIP_CERT|SSLKEYLOGFILE|OPENSSL_\w+)$/,
  },
  { why: "it is nono's own", names: /^NONO_\w*$/ },
];

/** Nothing that steers a program ends like this: RUBYGEMS_API_KEY and MAVEN_PASSWORD are where programs look for secrets. */
const SECRET = /^(?!NONO_)\w+_(?:TOKEN|PASSWORD|PASSPHRASE|SECRET|API_?KEY)$/;

/** Why a secret may not go into the variable; undefined: it may. */
export function whyNoDestination(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "it is no name of a variable";
  if (isLoaderVariable(name)) return "it loads code into programs";
  if (SECRET.test(name)) return undefined;
  return REFUSALS.find(({ names }) => names.test(name))?.why;
}
