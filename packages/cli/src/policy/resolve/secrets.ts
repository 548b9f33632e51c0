// Which secrets go into which variables. What is asked for on the command line replaces a profile's secret of the same
// variable, and a profile's replaces that of the profiles that it extends.

import { defaultVariableOf, parseSecretReference, type SecretReference } from "nono-ts";
import { whyNoDestination } from "../environment/secret-destination.ts";
import { SECRET_VALUES } from "../environment/withheld-names.ts";
import { PolicyError } from "../error.ts";
import type { PolicyFlags } from "../flags.ts";
import type { Asked, SecretVariable } from "../policy.ts";
import type { Layer } from "../profile/load.ts";

/**
 * @param configDirectory where the profiles lie that may name commands
 * @throws PolicyError `secret-reference`, `secret-variable-missing`, `secret-variable`, `secret-twice`, `secret-command`
 */
export function resolveSecrets(
  layers: readonly Layer[],
  flags: PolicyFlags,
  configDirectory: string,
): readonly SecretVariable[] {
  const levels: readonly (readonly SecretVariable[])[] = [
    ...layers.map((layer) => ofProfile(layer, configDirectory)),
    ofFlags(flags, configDirectory),
  ];
  const secrets = new Map<string, SecretVariable>();
  for (const level of levels) {
    refuseTwice(level);
    for (const secret of level) secrets.set(secret.name, secret);
  }
  return [...secrets.values()];
}

function ofProfile({ profile, source, isUsers }: Layer, configDirectory: string): readonly SecretVariable[] {
  const asked = { from: "profile", source } as const;
  return Object.entries(profile.env_credentials ?? {}).map(([text, name]) => {
    const reference = referenceOf(text, asked);
    if (reference.scheme === "cmd" && isUsers !== true)
      throw new PolicyError({
        code: "secret-command",
        option: source,
        reference: text,
        directory: configDirectory,
      });
    return checked({ ...asked, name, reference: text });
  });
}

function ofFlags(flags: PolicyFlags, configDirectory: string): readonly SecretVariable[] {
  const named = (texts: readonly string[], source: string) =>
    texts
      .flatMap((text) => text.split(","))
      .filter((text) => text !== "")
      .map((text) => {
        const asked = { from: "flag", source } as const;
        const name = defaultVariableOf(typed(text, asked, configDirectory));
        if (name === undefined)
          throw new PolicyError({ code: "secret-variable-missing", option: source, reference: text });
        return checked({ ...asked, name, reference: text });
      });
  return [
    ...named(flags.secrets, "--secrets"),
    ...named(flags.envCredential, "--env-credential"),
    ...flags.secretEnv.map((text) => withVariable(text, configDirectory)),
  ];
}

/** `REF=NAME`: a reference may hold an equals sign, the name of a variable cannot. */
function withVariable(text: string, configDirectory: string): SecretVariable {
  const asked = { from: "flag", source: "--secret-env" } as const;
  const at = text.lastIndexOf("=");
  if (at < 0)
    throw new PolicyError({
      code: "secret-reference",
      option: asked.source,
      reason: "expected REF=NAME, where a secret is and the variable that it goes into",
    });
  const [reference, name] = [text.slice(0, at), text.slice(at + 1)];
  typed(reference, asked, configDirectory);
  return checked({ ...asked, name, reference });
}

/** Whoever can be made to type a command line must not be made to run a program outside of the sandbox by it. */
function typed(text: string, asked: Asked, configDirectory: string): SecretReference {
  const reference = referenceOf(text, asked);
  if (reference.scheme === "cmd")
    throw new PolicyError({
      code: "secret-command",
      option: asked.source,
      reference: text,
      directory: configDirectory,
    });
  return reference;
}

function referenceOf(text: string, { source }: Asked): SecretReference {
  const refuse = (reason: string, cause?: unknown) =>
    new PolicyError({ code: "secret-reference", option: source, reason }, { cause });
  if (SECRET_VALUES.some(({ value }) => value.test(text)))
    throw refuse("that looks like a secret itself; what is expected is the name that it is stored under");
  try {
    return parseSecretReference(text);
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
}

function checked(secret: SecretVariable): SecretVariable {
  const why = whyNoDestination(secret.name);
  if (why === undefined) return secret;
  throw new PolicyError({ code: "secret-variable", option: secret.source, name: secret.name, why });
}

/** The same secret asked for twice is no contradiction. */
function refuseTwice(level: readonly SecretVariable[]): void {
  const seen = new Map<string, SecretVariable>();
  for (const secret of level) {
    const other = seen.get(secret.name);
    if (other !== undefined && other.reference !== secret.reference)
      throw new PolicyError({
        code: "secret-twice",
        option: secret.source,
        name: secret.name,
        other: `${other.source} ${other.reference}`,
      });
    seen.set(secret.name, secret);
  }
}
