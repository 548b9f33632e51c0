// Where a secret is, as text: `openai_api_key` in the keystore, or a URI for another place.

import { NonoError } from "../error.ts";

export type SecretReference =
  /** In the keystore that the caller has chosen. */
  | Readonly<{ scheme: "store"; account: string }>
  /** In the system's keystore, of any program. */
  | Readonly<{ scheme: "keyring"; service: string; account: string }>
  | Readonly<{ scheme: "env"; variable: string }>
  /** Absolute. */
  | Readonly<{ scheme: "file"; path: string }>
  /** 1Password: `op read` takes the URI as it is. */
  | Readonly<{ scheme: "op"; uri: string }>
  /** Bitwarden; `field` of the item: password, username, notes, totp, or one of the item's own. */
  | Readonly<{ scheme: "bw"; item: string; field: string }>
  /** A program, and its arguments. */
  | Readonly<{ scheme: "cmd"; program: string; args: readonly string[] }>;

const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/;

/** What a secret in a keystore of nono's may be called. */
export function isAccountName(text: string): boolean {
  return ACCOUNT.test(text);
}

type Scheme = Readonly<{ form: string; read: (rest: string) => SecretReference | undefined }>;

/** `rest` stands behind `scheme://`; its parts are percent-encoded where the scheme is not a vendor's own. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  keyring: {
    form: "keyring://SERVICE/ACCOUNT",
    read: (rest) => {
      const [service, account, ...more] = rest.split("/").map(decodeURIComponent);
      return service && account && more.length === 0 ? { scheme: "keyring", service, account } : undefined;
    },
  },
  env: {
    form: "env://VARIABLE",
    read: (rest) => (/^[A-Za-z_]\w*$/.test(rest) ? { scheme: "env", variable: rest } : undefined),
  },
  file: {
    form: "file:///ABSOLUTE/PATH",
    read: (rest) => (rest.startsWith("/") ? { scheme: "file", path: decodeURIComponent(rest) } : undefined),
  },
  op: {
    form: "op://VAULT/ITEM/FIELD",
    read: (rest) =>
      /^[^/]+(?:\/[^/]+){2,3}$/.test(rest) ? { scheme: "op", uri: `op://${rest}` } : undefined,
  },
  bw: {
    form: "bw://ITEM or bw://ITEM/FIELD",
    read: (rest) => {
      const [item, field = "password", ...more] = rest.split("/").map(decodeURIComponent);
      return item && field && !item.startsWith("-") && more.length === 0
        ? { scheme: "bw", item, field }
        : undefined;
    },
  },
  cmd: {
    form: "cmd://PROGRAM ARGUMENT...",
    read: (rest) => {
      const [program, ...args] = rest.split(" ").filter(Boolean).map(decodeURIComponent);
      return program ? { scheme: "cmd", program, args } : undefined;
    },
  },
};

/** @throws NonoError `secret-reference` */
export function parseSecretReference(text: string): SecretReference {
  const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    if (isAccountName(text)) return { scheme: "store", account: text };
    throw refused("a name has letters, digits, dots, dashes and underscores");
  }
  const known = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (known === undefined) throw refused(`known are ${Object.keys(SCHEMES).join(", ")} before ://`);
  const reference = text.includes("\0") ? undefined : quietly(() => known.read(rest));
  if (reference === undefined) throw refused(`expected ${known.form}`);
  return reference;
}

/** The text is not repeated: by mistake it may be the secret itself. */
function refused(reason: string): NonoError {
  return new NonoError({ code: "secret-reference", reason });
}

/** decodeURIComponent throws for what is no percent-encoding. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The variable that a secret goes into when none is named: `openai_api_key` is OPENAI_API_KEY. */
export function defaultVariableOf(reference: SecretReference): string | undefined {
  if (reference.scheme === "env") return reference.variable;
  if (reference.scheme !== "store" && reference.scheme !== "keyring") return undefined;
  const name = reference.account.toUpperCase().replaceAll(/[.@-]/g, "_");
  return /^[A-Z_][A-Z0-9_]*$/.test(name) ? name : undefined;
}
