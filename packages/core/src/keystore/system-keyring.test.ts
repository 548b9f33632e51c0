import type * as keyring from "@napi-rs/keyring";
import { expect, expectTypeOf, it } from "vitest";
import type { KeyringBinding } from "./locate-keyring.ts";
import { systemKeyring } from "./system-keyring.ts";

it("asks the library in the library's own types", () => {
  expectTypeOf<Pick<typeof keyring, "AsyncEntry" | "findCredentialsAsync">>().toExtend<KeyringBinding>();
});

/** A keystore that has one secret, and hands it out as the library does. */
function standIn(numbers: number[]): KeyringBinding {
  return {
    AsyncEntry: class {
      getSecret = async () => numbers;
      setSecret = async () => {
        throw new Error("the collection is locked");
      };
      deleteCredential = async () => true;
    },
    findCredentialsAsync: async () => [{ account: "b" }, { account: "a" }],
  };
}

it("leaves nothing of a secret in what the library handed out", async () => {
  const numbers = [...Buffer.from("value")];
  const secret = await systemKeyring("nono", standIn(numbers)).get("name");
  expect(Buffer.from(secret?.bytes ?? []).toString()).toBe("value");
  expect(numbers).toEqual([0, 0, 0, 0, 0]);
});

it("gives names alone, and says what the keystore said", async () => {
  const store = systemKeyring("nono", standIn([]));
  expect(await store.names()).toEqual(["a", "b"]);
  const secret = await systemKeyring("nono", standIn([1])).get("name");
  await expect(store.set("name", secret as NonNullable<typeof secret>)).rejects.toMatchObject({
    problem: { code: "keystore-unavailable", reason: "the collection is locked" },
  });
});
