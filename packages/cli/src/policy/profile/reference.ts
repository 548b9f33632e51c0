// How a profile is named: `NAME`, `FILE`, `FILE#NAME` for one of several in a file, and `#NAME` inside such a file.

export type ProfileReference =
  | Readonly<{ kind: "name"; name: string }>
  | Readonly<{ kind: "file"; file: string; member: string | undefined }>
  | Readonly<{ kind: "member"; member: string }>;

export function parseReference(text: string): ProfileReference {
  if (text.startsWith("#")) return { kind: "member", member: text.slice(1) };
  const member = /^(.+\.jsonc?)#([^/]+)$/s.exec(text);
  if (member?.[1] !== undefined) return { kind: "file", file: member[1], member: member[2] };
  if (text.includes("/") || /\.jsonc?$/.test(text)) return { kind: "file", file: text, member: undefined };
  return { kind: "name", name: text };
}
