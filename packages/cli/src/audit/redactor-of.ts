// What is taken out of everything that is kept of a run.

import type { Prepared } from "../sandbox/prepare.ts";
import { Redactor, secretsOf } from "./redact.ts";

/** For what a profile holds: a variable such as GOOGLE_APPLICATION_CREDENTIALS names a path, which is no secret. */
export function pathRedactorOf({ secrets, plan, loaded }: Prepared): Redactor {
  return new Redactor({
    injected: secrets.redactable(),
    values: secretsOf(plan.environment).filter((value) => !value.startsWith("/")),
    ...loaded.policy.redaction,
  });
}

/** Of a sandbox whose secrets are loaded: their values are looked for as well. */
export function redactorOf({ secrets, plan, loaded }: Prepared): Redactor {
  return new Redactor({
    injected: secrets.redactable(),
    values: secretsOf(plan.environment),
    ...loaded.policy.redaction,
  });
}
