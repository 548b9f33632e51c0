import { expect, it } from "vitest";
import {
  decodeVerifier,
  encodeVerifier,
  isSigned,
  parseNote,
  signNote,
  signNoteNow,
  type Verifier,
} from "./signed-note.ts";

// The published example of golang.org/x/mod/sumdb/note.
const SEED = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
const VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), SEED]);
const secret = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
const verifier = decodeVerifier(VERIFIER) as Verifier;

it("signs as the published example does", async () => {
  expect(await signNote(TEXT, verifier, secret)).toBe(NOTE);
  expect(signNoteNow(TEXT, verifier, secret)).toBe(NOTE);
  expect(encodeVerifier(verifier)).toBe(VERIFIER);
});

it("believes a note, and none that was changed anywhere", () => {
  const note = parseNote(NOTE);
  expect(note && isSigned(note, verifier)).toBe(true);
  for (let at = 0; at < NOTE.length; at++) {
    const changed = parseNote(`${NOTE.slice(0, at)}${NOTE[at] === "x" ? "y" : "x"}${NOTE.slice(at + 1)}`);
    expect(changed !== undefined && isSigned(changed, verifier), `at ${at}`).toBe(false);
  }
});

it("does not mind the signatures of others", () => {
  const note = parseNote(`${NOTE}— other AAAAAAAAAAAA\n`);
  expect(note && isSigned(note, verifier)).toBe(true);
});

it("refuses a key whose hash is another's", () => {
  expect(decodeVerifier(VERIFIER.replace("c74f20a3", "c74f20a4"))).toBeUndefined();
});
