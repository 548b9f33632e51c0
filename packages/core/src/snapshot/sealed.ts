// Small files of the store: a line with the digest of the next one, which is JSON, so that no byte of them changes unseen.

import { digestOf } from "../hash/digest.ts";
import { bytesOf } from "../text/bytes.ts";

export function seal(value: object): string {
  const text = JSON.stringify(value);
  return `${digestOf(bytesOf(text))}\n${text}\n`;
}

/** What is in it is the caller's to check. @throws TypeError for anything that `seal` did not make */
export function unseal(content: Buffer): unknown {
  const [digest, text = ""] = content.toString().split("\n", 2);
  const isWhole = Buffer.from(`${digest}\n${text}\n`).equals(content) && digestOf(bytesOf(text)) === digest;
  if (!isWhole) throw new TypeError("it was changed");
  return JSON.parse(text);
}
