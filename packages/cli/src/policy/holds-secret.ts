/** Why something is in no profile, for people. */
export const HOLDS_SECRET = "it looks like a secret, or holds one";
