// Signed notes with Ed25519. Source: C2SP signed-note (https://c2sp.org/signed-note).

import { sha256 } from "../hash/digest.ts";
import { cryptoModule } from "../platform-modules.ts";
import type { SecretKey } from "./session-key.ts";

/** `signatureType` 0x01 of the document: Ed25519. */
const ED25519 = 1;

/** What a signature is checked with. `key`: 32 bytes. `name`: without spaces and plus. */
export type Verifier = Readonly<{ name: string; key: Buffer }>;

export type Note = Readonly<{ text: string; signatures: readonly NoteSignature[] }>;
export type NoteSignature = Readonly<{ name: string; hash: number; signature: Buffer }>;

/** @param text ends with a line break */
export async function signNote(text: string, verifier: Verifier, secret: SecretKey): Promise<string> {
  const signature = await crypto.subtle.sign("Ed25519", secret, Buffer.from(text));
  return noteOf(text, verifier, Buffer.from(signature));
}

/** The same, for whoever cannot wait: node:crypto is loaded for it. */
export function signNoteNow(text: string, verifier: Verifier, secret: SecretKey): string {
  const { KeyObject, sign } = cryptoModule();
  return noteOf(text, verifier, sign(null, Buffer.from(text), KeyObject.from(secret)));
}

function noteOf(text: string, { name, key }: Verifier, signature: Buffer): string {
  const hash = Buffer.alloc(4);
  hash.writeUInt32BE(keyHash({ name, key }));
  return `${text}\n— ${name} ${Buffer.concat([hash, signature]).toString("base64")}\n`;
}

/** @returns undefined for what is no signed note */
export function parseNote(note: string): Note | undefined {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return undefined;
  const lines = note.slice(split + 2, -1).split("\n");
  const signatures = lines.map(signatureOf);
  if (!signatures.every((signature) => signature !== undefined)) return undefined;
  return { text: note.slice(0, split + 1), signatures };
}

function signatureOf(line: string): NoteSignature | undefined {
  const [, name, encoded = ""] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  if (name === undefined || bytes.length < 5 || bytes.toString("base64") !== encoded) return undefined;
  return { name, hash: bytes.readUInt32BE(), signature: bytes.subarray(4) };
}

/** Whether the key has signed it. Signatures of others do not matter. */
export function isSigned(note: Note, verifier: Verifier): boolean {
  const hash = keyHash(verifier);
  const own = note.signatures.filter((one) => one.name === verifier.name && one.hash === hash);
  if (own.length !== 1) return false;
  const [{ signature }] = own as [NoteSignature];
  if (signature.length !== 64) return false;
  const { createPublicKey, verify } = cryptoModule();
  const key = Buffer.concat([SPKI, verifier.key]);
  const publicKey = createPublicKey({ key, format: "der", type: "spki" });
  return verify(null, Buffer.from(note.text), publicKey, signature);
}

/** Header of an Ed25519 key in SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

function keyHash({ name, key }: Verifier): number {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), key])).readUInt32BE();
}

/** `NAME+HASH+KEY`, as tools for signed notes take it. */
export function encodeVerifier(verifier: Verifier): string {
  const hash = keyHash(verifier).toString(16).padStart(8, "0");
  return `${verifier.name}+${hash}+${Buffer.concat([Buffer.of(ED25519), verifier.key]).toString("base64")}`;
}

/** @returns undefined for what is none, or whose hash is wrong */
export function decodeVerifier(text: string): Verifier | undefined {
  const [, name, hash, encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  if (name === undefined || bytes.length !== 33 || bytes[0] !== ED25519) return undefined;
  const verifier = { name, key: bytes.subarray(1) };
  return keyHash(verifier) === Number.parseInt(hash as string, 16) ? verifier : undefined;
}
