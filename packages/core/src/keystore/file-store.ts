// A keystore in one file, for machines without one of the system's: all names and values sealed under a passphrase or a
// key file. Changes are made under a lock and replace the file as a whole.

import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { NonoError } from "../error.ts";
import { removeLeftOver, writeDurably } from "../files/durable-write.ts";
import { directoryOf } from "../files/path-names.ts";
import { loadAddon } from "../native/locate.ts";
import { type Lock, waitForLock } from "../native/locks.ts";
import { fileName } from "../text/bytes.ts";
import { decodeEntries, type Entries, encodeEntries } from "./entries.ts";
import { keyOf, type Method, newKey, open, readHeader, type SealingKey, seal } from "./sealed.ts";
import { SecretBytes } from "./secret-bytes.ts";
import type { SecretStore } from "./secret-store.ts";

/** Bytes. */
const SIZE_LIMIT = 16 << 20;
/** Milliseconds to wait for another process that changes it. */
const PATIENCE = 5000;

/** What opens a store. It is asked for once, and only when the store is used. */
export type Unlock = Readonly<{
  method: Method;
  /** @param isNew the store is about to be made: a passphrase should be typed twice */
  ask: (isNew: boolean) => Promise<SecretBytes>;
}>;

/**
 * @param file absolute; made with the first secret
 * @throws NonoError from its methods: `keystore-locked` for a wrong passphrase or key, `keystore-damaged`,
 *   `keystore-busy` while another process changes it, `keystore-unavailable`
 */
export function fileStore(file: string, unlock: Unlock): SecretStore {
  return new FileStore(file, unlock);
}

class FileStore implements SecretStore {
  readonly title: string;
  readonly #file: string;
  readonly #unlocking: Unlock;
  /** Kept, as making one takes its time. Another process may have made the file anew, with another salt. */
  #key: SealingKey | undefined;

  constructor(file: string, unlock: Unlock) {
    this.title = file;
    this.#file = file;
    this.#unlocking = unlock;
  }

  async get(account: string): Promise<SecretBytes | undefined> {
    return await this.#reading((entries) => {
      const value = entries.get(account);
      return value && new SecretBytes(Uint8Array.from(value), account);
    });
  }

  async names(): Promise<readonly string[]> {
    return await this.#reading((entries) => [...entries.keys()]);
  }

  async set(account: string, secret: SecretBytes): Promise<void> {
    await this.#unlock();
    this.#key ??= await this.#withAsked(true, (asked) => newKey(asked, this.#unlocking.method));
    await this.#changing((entries) => entries.set(account, secret.bytes));
  }

  async remove(account: string): Promise<boolean> {
    await this.#unlock();
    return await this.#changing((entries) => entries.delete(account));
  }

  close(): void {
    this.#key?.bytes.fill(0);
    this.#key = undefined;
  }

  async #reading<T>(use: (entries: Entries) => T): Promise<T> {
    const content = await this.#content();
    try {
      return use(content === undefined ? new Map() : decoded(content, this.#file));
    } finally {
      content?.fill(0);
    }
  }

  /** What opens it may have to be typed: that is done before the lock is taken, which others wait for. */
  async #unlock(): Promise<void> {
    (await this.#content())?.fill(0);
  }

  async #changing<T>(change: (entries: Map<string, Uint8Array>) => T): Promise<T> {
    const lock = await this.#lock();
    try {
      const content = await this.#content();
      const entries = new Map(content && decoded(content, this.#file));
      const result = change(entries);
      if (result !== false) this.#write(entries);
      content?.fill(0);
      return result;
    } finally {
      lock.release();
    }
  }

  async #lock(): Promise<Lock> {
    try {
      mkdirSync(fileName(directoryOf(this.#file)), { recursive: true, mode: 0o700 });
      const lock = await waitForLock(loadAddon(), `${this.#file}.lock`, true, PATIENCE);
      if (lock !== undefined) return lock;
    } catch (error) {
      throw this.#unavailable(error);
    }
    throw new NonoError({ code: "keystore-busy", file: this.#file });
  }

  /** The opened content, or undefined without a file. */
  async #content(): Promise<Buffer | undefined> {
    const sealed = this.#read();
    if (sealed === undefined) return undefined;
    const header = this.#headerOf(sealed);
    if (header.method !== this.#unlocking.method)
      throw this.#locked(
        `its secrets are under a ${named(header.method)}, and a ${named(this.#unlocking.method)} was given`,
      );
    if (!this.#key?.salt.equals(header.salt)) {
      this.close();
      this.#key = await this.#withAsked(false, (secret) => keyOf(secret, header));
    }
    const content = open(sealed, this.#key as SealingKey);
    if (content === undefined)
      throw this.#locked(`the ${named(header.method)} is not the right one, or the file was changed`);
    return content;
  }

  #write(entries: Entries): void {
    const plain = encodeEntries(entries);
    try {
      removeLeftOver(this.#file);
      writeDurably(this.#file, seal(plain, this.#key as SealingKey));
    } catch (error) {
      throw this.#unavailable(error);
    } finally {
      plain.fill(0);
    }
  }

  async #withAsked<T>(isNew: boolean, use: (secret: Uint8Array) => Promise<T>): Promise<T> {
    const secret = await this.#unlocking.ask(isNew);
    try {
      return await use(secret.bytes);
    } finally {
      secret.wipe();
    }
  }

  #read(): Buffer | undefined {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      const descriptor = openSync(fileName(this.#file), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stat = fstatSync(descriptor);
        if (!stat.isFile() || stat.size > SIZE_LIMIT) throw new RangeError("it is no store of nono's");
        return readFileSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error instanceof RangeError ? damaged(this.#file, error) : this.#unavailable(error);
    }
  }

  #headerOf(sealed: Buffer): ReturnType<typeof readHeader> {
    try {
      return readHeader(sealed);
    } catch (error) {
      throw damaged(this.#file, error as Error);
    }
  }

  #locked(reason: string): NonoError {
    return new NonoError({ code: "keystore-locked", store: this.#file, reason });
  }

  #unavailable(cause: unknown): NonoError {
    const { code, message } = cause as NodeJS.ErrnoException;
    return new NonoError(
      { code: "keystore-unavailable", store: this.#file, reason: code ?? message },
      { cause },
    );
  }
}

function named(method: Method): string {
  return method === "key-file" ? "key file" : "passphrase";
}

function decoded(content: Buffer, file: string): Entries {
  try {
    return decodeEntries(content);
  } catch (error) {
    throw damaged(file, error as Error);
  }
}

function damaged(file: string, error: Error): NonoError {
  return new NonoError({ code: "keystore-damaged", file, reason: error.message }, { cause: error });
}
