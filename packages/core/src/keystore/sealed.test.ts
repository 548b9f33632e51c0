import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf, newKey, open, readHeader, type SealingKey, seal } from "./sealed.ts";

/** A key that costs little to make: these tests are not about scrypt. */
const cheap = (secret: string, salt = Buffer.alloc(16, 7)): Promise<SealingKey> =>
  keyOf(Buffer.from(secret), { method: "passphrase", cost: 14, salt });

describe("a sealed file", async () => {
  const [key, other] = [await cheap("correct horse"), await cheap("battery staple")];
  const file = seal(Buffer.from("the content"), key);

  it("opens with the passphrase that it was sealed with, and with no other", () => {
    expect(open(file, key)?.toString()).toBe("the content");
    expect(open(file, other)).toBeUndefined();
  });

  it("does not open when any bit of it was changed, its header included", () => {
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] as number) ^ 1;
      expect([at, open(changed, key)]).toEqual([at, undefined]);
    }
    for (let length = 0; length < file.length; length++) {
      const opened = () => {
        readHeader(file.subarray(0, length));
        return open(file.subarray(0, length), key);
      };
      expect(tried(opened)).toBeUndefined();
    }
  });

  it("is another one each time, for the same content", () => {
    const again = seal(Buffer.from("the content"), key);
    expect(again.equals(file)).toBe(false);
    expect(again.includes("the content")).toBe(false);
  });

  it("tells how it is opened, and asks for no more memory than a store may", async () => {
    expect(readHeader(file)).toEqual({ method: "passphrase", cost: 14, salt: key.salt });
    const greedy = Buffer.from(file);
    greedy[10] = 40;
    expect(() => readHeader(greedy)).toThrow("its header is damaged");
  });

  it("is not mistaken for another file, whatever that holds", () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readHeader(Buffer.from(bytes))).toThrow(RangeError);
      }),
    ));

  it("costs 128 MiB and a salt of its own to guess at", async () => {
    const [one, two] = [
      await newKey(Buffer.from("p"), "key-file"),
      await newKey(Buffer.from("p"), "key-file"),
    ];
    expect(one).toMatchObject({ cost: 17, method: "key-file" });
    expect(one.salt.equals(two.salt)).toBe(false);
  });
});

function tried<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return undefined;
  }
}
