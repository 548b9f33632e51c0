// A session as `nono ps --json` and `nono inspect --json` write it. A name here is API: never renamed.

import type { RegisteredSession } from "../../register/registry.ts";

export function sessionDocument({ record, state }: RegisteredSession) {
  const { session_id, name, ...more } = record;
  return { session_id, name, state, ...more };
}
