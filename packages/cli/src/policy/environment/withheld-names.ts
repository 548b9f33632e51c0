// Which variables do not pass by themselves, and why. Those that load code never pass (isLoaderVariable of nono-ts);
// what stands here passes when it is allowed by name.

export type Withholding = Readonly<{
  why: string;
  names: RegExp;
  /** Names that match and are harmless. */
  except?: RegExp;
  /** Withheld for its value. All others change what a program does. */
  isSecret?: true;
}>;

/** In order: the first that matches says why. */
export const WITHHOLDINGS: readonly Withholding[] = [
  {
    why: "it leads to an agent or a bus outside the sandbox",
    names:
      /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO|DBUS_\w+_ADDRESS|GNOME_KEYRING_\w+|XAUTHORITY|VSCODE_(?:IPC|GIT)\w*)$/,
  },
  {
    why: "it names a command that other programs run",
    // git(1), ssh(1): run by fetch, diff, commit and the like.
    names:
      /^(?:(?:GIT|SSH|SUDO)_ASKPASS|GIT_(?:SSH|SSH_COMMAND|PROXY_COMMAND|EXTERNAL_DIFF|EXEC_PATH|TEMPLATE_DIR)|GIT_CONFIG(?:_\w+)?|(?:CARGO_BUILD_)?RUSTC(?:_WORKSPACE)?_WRAPPER|LESSOPEN|LESSCLOSE|PROMPT_COMMAND|PYTHONBREAKPOINT)$/,
  },
  {
    why: "it says where interpreters look for code",
    names:
      /^(?:NODE_PATH|PYTHON(?:PATH|HOME|USERBASE)|PERL5?LIB|RUBYLIB|CLASSPATH|LUA_(?:C?PATH|INIT)\w*|PHPRC|PHP_INI_SCAN_DIR|R_(?:PROFILE|ENVIRON)\w*|ZDOTDIR|INPUTRC)$/,
  },
  {
    why: "the C library distrusts it where rights differ",
    // glibc, sysdeps/generic/unsecvars.h.
    names:
      /^(?:GETCONF_DIR|HOSTALIASES|LOCALDOMAIN|LOCPATH|MALLOC_\w+|NIS_PATH|NLSPATH|RESOLV_HOST_CONF|RES_OPTIONS|TZDIR)$/,
  },
  {
    why: "it belongs to an account in a cloud",
    isSecret: true,
    names:
      /^(?:AWS|AZURE|ARM|GOOGLE|GCP|GCLOUD|CLOUDSDK|DIGITALOCEAN|CLOUDFLARE|HEROKU|VAULT|OP|DOPPLER|INFISICAL)_\w+$/,
    except: /CA_(?:BUNDLE|CERT)|^(?:AWS_(?:DEFAULT_)?REGION|CLOUDSDK_CONFIG|AZURE_CONFIG_DIR)$/,
  },
  {
    why: "its name is that of a secret",
    isSecret: true,
    // These as words of the name.
    names:
      /(?:^|_)(?:KEYS?|TOKENS|PASS|PWD|CREDS|AUTH|AUTHORIZATION|PAT|DSN|COOKIES?|WEBHOOK|KUBECONFIG)(?:_|$)/i,
    except: /^(?:OLD)?PWD$|(?:MAX|MIN|NUM|LIMIT)\w*_TOKENS$|(?:^|_)PUBLIC_KEY|^GPG_KEY$/i,
  },
  {
    why: "its name is that of a secret",
    isSecret: true,
    // These as the end of a word: PGPASSWORD, NPMTOKEN, DB_SECRET_2.
    names:
      /(?:TOKEN|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASSFILE|CREDENTIALS?|(?:API|ACCESS|SECRET|PRIVATE|SIGNING)KEY)(?:_|$)/i,
  },
];

/** Values that are secrets whatever the variable is called. */
export const SECRET_VALUES: readonly Readonly<{ why: string; value: RegExp }>[] = [
  { why: "its value is a URL with a password", value: /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s@:]*:[^/?#\s@]+@/i },
  { why: "its value is a private key", value: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  {
    why: "its value has the form of a token",
    // Prefixes that the issuers document so that scanners find leaked tokens.
    value:
      /^(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|sk-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*|hf_[A-Za-z0-9]{30,}|pypi-[\w-]{30,})$/,
  },
];
