// Removes a tree that somebody else could write, without ever following a link out of it, and however deep it is.
//
// Names are resolved from descriptors (openat(2) in the only form that Node has), so a directory
// exchanged for a link on the way fails. Directories are moved up beside the tree before they are emptied, so that
// neither depth nor length of paths has a limit.

import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { descriptorPath, REACH_DIRECTORY } from "nono-ts/internal";

/**
 * @param parent descriptor of the directory that holds the tree; nobody else may write in it
 * @param name of the tree; names made of it, a dot and more are used for what is moved up
 * @throws the file system's own error; what is gone already is no error
 */
export function removeTree(parent: number, name: string): void {
  const waiting = [name];
  let moved = 0;
  const moveUp = (path: Buffer) => {
    const beside = `${name}.${process.pid}-${moved++}`;
    renameSync(path, within(parent, beside));
    waiting.push(beside);
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path = within(parent, next);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      withDirectory(path, (directory) => empty(directory, moveUp));
      rmdirSync(path);
    } else {
      rmSync(path, { force: true });
    }
  }
}

function empty(directory: number, moveUp: (path: Buffer) => void): void {
  // The modes of what the owner of the tree made may keep even the owner out; the descriptor is the way in.
  chmodSync(descriptorPath(directory), 0o700);
  // Bun gives no bytes together with file types.
  for (const name of readdirSync(descriptorPath(directory), { encoding: "buffer" })) {
    const path = within(directory, name);
    if (lstatSync(path).isDirectory()) {
      if (isRemovedEmpty(path)) continue;
      // Moving a directory writes its `..`.
      withDirectory(path, (child) => chmodSync(descriptorPath(child), 0o700));
      moveUp(path);
    } else {
      unlinkSync(path);
    }
  }
}

/** Most are: of a directory that holds nothing nothing has to be looked at. */
function isRemovedEmpty(path: Buffer): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function withDirectory(path: Buffer, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, REACH_DIRECTORY);
  try {
    use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function within(directory: number, name: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${descriptorPath(directory)}/`), Buffer.from(name)]);
}
