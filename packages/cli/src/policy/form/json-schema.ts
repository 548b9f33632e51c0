// The forms as JSON Schema (draft 2020-12), for editors.

import { z } from "zod";
import { groupForm } from "./group-form.ts";
import { profileForm } from "./profile-form.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schema of a file that holds one profile. */
export function profileSchema(): JsonSchema {
  return { title: "nono profile", ...z.toJSONSchema(profileForm) };
}

/** Schema of groups.json. */
export function groupsSchema(): JsonSchema {
  const { $schema, ...group } = z.toJSONSchema(groupForm);
  return {
    $schema,
    title: "nono groups",
    type: "object",
    properties: { $schema: { type: "string" } },
    additionalProperties: group,
  };
}
