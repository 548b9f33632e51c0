// Of git's configuration, the few keys that lead to further files (git-config(1)). It is read and not run: `git config`
// would start a program in a directory that an agent may have prepared.

export type ConfigReferences = Readonly<{
  /** `core.hooksPath`, the last one that is set. */
  hooksPath: string | undefined;
  /** `include.path` and `includeIf.*.path`. */
  includes: readonly string[];
}>;

export function referencesOf(text: string): ConfigReferences {
  let section = "";
  let hooksPath: string | undefined;
  const includes: string[] = [];
  for (const raw of text.replaceAll(/\\\r?\n/g, "").split("\n")) {
    const header = /^\s*\[\s*([\w.-]+)(?![\w.-])[^\]]*\]/.exec(raw);
    if (header !== null) section = (header[1] as string).toLowerCase();
    const entry = /^\s*(\w[\w-]*)\s*=\s*(.*)$/.exec(header === null ? raw : raw.slice(header[0].length));
    if (entry === null) continue;
    const key = `${section}.${(entry[1] as string).toLowerCase()}`;
    const value = unquoted(entry[2] as string);
    if (key === "core.hookspath") hooksPath = value;
    if (key === "include.path" || key === "includeif.path") includes.push(value);
  }
  return { hooksPath, includes };
}

/** Quotes may begin and end anywhere; a comment begins outside of them. */
function unquoted(text: string): string {
  let value = "";
  let quoted = false;
  for (const [, escaped, character] of text.matchAll(/\\(.)|([\s\S])/g)) {
    if (escaped !== undefined) value += escaped;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "#" || character === ";")) break;
    else value += character;
  }
  return value.trim();
}
