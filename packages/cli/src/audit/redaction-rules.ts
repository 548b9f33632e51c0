// What looks like a secret, as data. The example of each is what the tests check it with.

/** Parts of the names of options, variables, headers and query keys whose values are secrets. */
const NAME = String.raw`(?:api[-_]?key|access[-_]?key|private[-_]?key|secret|token|passw(?:or)?d|passphrase|credential|auth(?:orization)?\b|signature)`;

/** A word that names a secret somewhere in it: `--github-token`, `AWS_SECRET_ACCESS_KEY`, `x-api-key`. */
export const SECRET_NAME = new RegExp(NAME, "i");

/** Options whose value is a secret although their names do not say so. `-u` of curl: what stands behind the colon. */
export const SECRET_OPTIONS: ReadonlySet<string> = new Set([
  "--pass",
  "--pwd",
  "--bearer",
  "--oauth2-bearer",
]);
export const USER_OPTIONS: ReadonlySet<string> = new Set(["-u", "--user", "--proxy-user", "-U"]);

/** `keep`: the group before the secret stays. */
export type TextRule = Readonly<{
  name: string;
  pattern: RegExp;
  example: string;
  keep: boolean;
  /** Whatever the pattern finds has one of these in it: looking for them costs a tenth. */
  signs: readonly string[];
  /** It finds nothing where SECRET_NAME finds nothing. */
  named?: true;
}>;

const rule = (name: string, example: string, signs: readonly string[], pattern: RegExp): TextRule => ({
  name,
  pattern,
  example,
  keep: true,
  signs,
});
const named = (...parts: Parameters<typeof rule>): TextRule => ({ ...rule(...parts), named: true });
const token = (name: string, example: string, signs: readonly string[], pattern: RegExp): TextRule => ({
  name,
  pattern,
  example,
  keep: false,
  signs,
});

// A program chooses what is looked at, and the session waits for it: no pattern may take more than time in proportion to
// the text. So a repetition that something else has to follow has an end, and none stands before what is looked for.

/** The rest of a name. */
const REST = String.raw`[\w.-]{0,100}`;

/** A word as a shell has it. */
const VALUE = String.raw`(?:"[^"]*"|'[^']*'|[^\s"'&;|)]+)`;

/** For command lines. */
export const ARGUMENT_RULES: readonly TextRule[] = [
  rule(
    "header",
    "Authorization: Bearer hunter2",
    [":"],
    /((?:\b(?:proxy-)?authorization|\b(?:set-)?cookie|\bx-[\w-]{0,40}?(?:key|token|secret|auth)[\w-]{0,40})\s{0,100}:\s*)[^\r\n"']+/gi,
  ),
  named("assignment", "DB_PASSWORD=hunter2", ["="], new RegExp(`(${NAME}${REST}=)${VALUE}`, "gi")),
  named(
    "option in a text",
    "deploy --api-key hunter2",
    ["-"],
    new RegExp(String.raw`((?:^|\s)--?${REST}?${NAME}${REST}\s+)(?!-)${VALUE}`, "gi"),
  ),
];

/** For every text. */
export const TEXT_RULES: readonly TextRule[] = [
  rule("URL user", "https://me:hunter2@example.com/", ["://"], /(:\/\/)[^\s/@?#"']+(?=@)/g),
  rule(
    "URL query",
    "https://example.com/?access_token=hunter2",
    ["?", "&"],
    new RegExp(String.raw`([?&](?:${REST}?${NAME}${REST}|key|sig|code|pwd)=)[^&#\s"']+`, "gi"),
  ),
  token(
    "private key",
    "-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----",
    ["PRIVATE KEY"],
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  ),
  token("Anthropic or OpenAI", `sk-ant-${"a1".repeat(12)}`, ["sk-"], /\bsk-[A-Za-z0-9_-]{20,}/g),
  token(
    "GitHub",
    `ghp_${"a1".repeat(18)}`,
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})/g,
  ),
  token("GitLab", `glpat-${"a1".repeat(10)}`, ["glpat-"], /\bglpat-[A-Za-z0-9_-]{20,}/g),
  token("Slack", `xoxb-${"1a".repeat(10)}`, ["xox"], /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g),
  token("AWS", `AKIA${"A1".repeat(8)}`, ["AKIA", "ASIA"], /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g),
  token(
    "Google",
    `AIza${"a1".repeat(17)}b`,
    ["AIza", "ya29."],
    /\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}/g,
  ),
  token("npm", `npm_${"a1".repeat(18)}`, ["npm_"], /\bnpm_[A-Za-z0-9]{36}\b/g),
  token("PyPI", `pypi-AgE${"a1".repeat(20)}`, ["pypi-AgE"], /\bpypi-AgE[A-Za-z0-9_-]{20,}/g),
  token("Hugging Face", `hf_${"aB".repeat(17)}`, ["hf_"], /\bhf_[A-Za-z0-9]{30,}/g),
  token("Stripe", `sk_live_${"a1".repeat(12)}`, ["sk_", "rk_"], /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g),
  token(
    "JSON Web Token",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ["eyJ"],
    /\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  ),
];
