// The keys of a git configuration that make git run programs, or read further configuration (git-config(1)). It is read
// as a text, never with git: git would run what it says.

import { type ConfigValue, configValues } from "../../guard/git-config.ts";

/** `core.fsmonitor`, `filter.NAME.clean`, …; sections and keys in lower case, names in between as they are. */
const RUNS: readonly RegExp[] = [
  /^core\.(hookspath|fsmonitor|sshcommand|editor|pager|askpass|gitproxy|alternaterefscommand|worktree|attributesfile)$/,
  /^core\.virtualfilesystem$/, // of Microsoft's git
  /^(sequence\.editor|interactive\.difffilter|credential\.helper|gpg\.program|diff\.external)$/,
  /^(alias|pager|browser|man|mergetool|difftool|trailer|hook|guitool|uploadpack|uploadarchive|receive)\./,
  /^(diff|merge)\.(tool|guitool)$/, // of a name with slashes, the file is run
  /^filter\..*\.(clean|smudge|process)$/s,
  /^diff\..*\.(command|textconv)$/s,
  /^merge\..*\.driver$/s,
  /^credential\..*\.helper$/s,
  /^gpg\..*\.(program|defaultkeycommand)$/s,
  /^remote\..*\.(uploadpack|receivepack|vcs)$/s,
  /^url\..*\.(insteadof|pushinsteadof)$/s,
  /^submodule\..*\.update$/s,
  /^(include|includeif\..*)\.path$/s,
  /^(init\.templatedir|sendemail\..*|instaweb\..*|imap\.tunnel|(web|help)\.browser|protocol\..*)$/s,
  /^(gc\.recentobjectshook|attr\.tree|gitcvs\.dbdriver)$/,
  /^(svn|svn-remote|tar|extensions|safe)\./,
  /^(lfs\.(customtransfer|extension)|annex)\./,
];

/** Where `NAME::ADDRESS` makes git run the program git-remote-NAME, which may be a shell. */
const ADDRESSES =
  /^(remote\..*\.(push)?url|submodule\..*\.url|branch\..*\.(push)?remote|remote\.pushdefault)$/s;

/** What a line after another may change is the last value; all are given. */
function programKeys(text: string): readonly ConfigValue[] {
  return configValues(text).filter(
    ({ key, value }) =>
      RUNS.some((expression) => expression.test(key)) || (ADDRESSES.test(key) && value.includes("::")),
  );
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
