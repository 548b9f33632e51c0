// The keys of a git configuration that make git run programs, or read further configuration (git-config(1)). It is read
// as a text, never with git: git would run what it says.

type ConfigValue = Readonly<{ key: string; value: string }>;

/** `core.fsmonitor`, `filter.NAME.clean`, …; sections and keys in lower case, names in between as they are. */
const RUNS: readonly RegExp[] = [
  /^core\.(hookspath|fsmonitor|sshcommand|editor|pager|askpass|gitproxy|alternaterefscommand|worktree|attributesfile)$/,
  /^(sequence\.editor|interactive\.difffilter|credential\.helper|gpg\.program|diff\.external)$/,
  /^(alias|pager|browser|man|mergetool|difftool|trailer|hook|guitool|uploadpack|uploadarchive|receive)\./,
  /^filter\..*\.(clean|smudge|process)$/,
  /^diff\..*\.(command|textconv)$/,
  /^merge\..*\.driver$/,
  /^credential\..*\.helper$/,
  /^gpg\..*\.(program|defaultkeycommand)$/,
  /^remote\..*\.(uploadpack|receivepack|vcs)$/,
  /^url\..*\.(insteadof|pushinsteadof)$/,
  /^submodule\..*\.update$/,
  /^(include|includeif\..*)\.path$/,
  /^(init\.templatedir|sendemail\..*|instaweb\..*|imap\.tunnel|web\.browser|protocol\..*)$/,
  /^(svn-remote|tar)\..*/,
  /^extensions\./,
];

/** What a line after another may change is the last value; all are given. */
function programKeys(text: string): readonly ConfigValue[] {
  return valuesIn(text).filter(({ key }) => RUNS.some((expression) => expression.test(key)));
}

/** `after` without what `before` has, and the other way round with `value` undefined. */
export function changedPrograms(before: string, after: string): readonly string[] {
  const [old, now] = [programKeys(before), programKeys(after)].map(
    (values) => new Set(values.map(({ key, value }) => `${key} = ${value}`)),
  ) as [Set<string>, Set<string>];
  return [
    ...[...now].filter((one) => !old.has(one)).map((one) => `+ ${one}`),
    ...[...old].filter((one) => !now.has(one)).map((one) => `- ${one}`),
  ];
}

function valuesIn(text: string): readonly ConfigValue[] {
  let section = "";
  const values: ConfigValue[] = [];
  for (const raw of text.replaceAll(/\\\r?\n/g, "").split(/\r?\n|\r/)) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s*"((?:[^"\\]|\\.)*)")?\s*\]/.exec(raw.replace(/^\ufeff/, ""));
    if (header !== null) section = sectionOf(header[1] as string, header[2]);
    const rest = header === null ? raw : raw.replace(/^\ufeff/, "").slice(header[0].length);
    const entry = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(rest);
    if (entry !== null)
      values.push({
        key: `${section}.${(entry[1] as string).toLowerCase()}`,
        value: (entry[2] ?? "").trim(),
      });
  }
  return values;
}

function sectionOf(name: string, sub: string | undefined): string {
  const lower = name.toLowerCase();
  return sub === undefined ? lower : `${lower}.${sub.replaceAll(/\\(.)/g, "$1")}`;
}
