import { loadAddon } from "../native/locate.ts";

/**
 * After a command that has had the terminal behind `descriptor`: this process may write to it again, whatever the command
 * has left in the foreground. SIGTTOU is ignored from then on.
 */
export function takeTerminalBack(descriptor: number): void {
  loadAddon().takeTerminalBack(descriptor);
}
