// The secrets of a file store as bytes: for each, its name and its value behind their lengths. Values are never strings.
//
//   count u32, then count times: length u16, name in UTF-8, length u32, value; little-endian, sorted by name

/** Values by name. Those of a decoded list are parts of the bytes it was decoded from. */
export type Entries = ReadonlyMap<string, Uint8Array>;

export function encodeEntries(entries: Entries): Buffer {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const size = sorted.reduce((sum, [name, value]) => sum + 6 + Buffer.byteLength(name) + value.length, 4);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = bytes.writeUInt32LE(sorted.length);
  for (const [name, value] of sorted) {
    at = bytes.writeUInt16LE(Buffer.byteLength(name), at);
    at += bytes.write(name, at);
    at = bytes.writeUInt32LE(value.length, at);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

/** @throws RangeError for bytes that `encodeEntries` did not make */
export function decodeEntries(bytes: Buffer): Entries {
  const entries = new Map<string, Uint8Array>();
  let at = 4;
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError("it ends too early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  for (let left = bytes.readUInt32LE(0); left > 0; left--) {
    const name = take(take(2).readUInt16LE(0)).toString();
    entries.set(name, take(take(4).readUInt32LE(0)));
  }
  if (at !== bytes.length) throw new RangeError("there is more behind its end");
  return entries;
}
