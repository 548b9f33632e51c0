// What a group may say: types, validation and JSON Schema of groups.json come from here.

import { z } from "zod";
import { commandsForm, guardedForm, pathsForm, secretNamesForm } from "./text-forms.ts";

export const groupForm = z.strictObject({
  description: z.string().describe("what it is for, in one line"),
  platform: z.enum(["linux", "macos"]).optional().describe("where it applies; everywhere when absent"),
  required: z.boolean().optional().describe("in every sandbox, and no profile can exclude it"),
  allow: z
    .strictObject({
      read: pathsForm.optional().describe("files and directories to read, list and execute"),
      write: pathsForm.optional().describe("files and directories to write, without reading them"),
      readwrite: pathsForm.optional().describe("both"),
    })
    .optional()
    .describe("grants; paths that do not exist are left out"),
  deny: z
    .strictObject({
      access: pathsForm.optional().describe("neither read nor written, whatever is granted"),
      write: pathsForm.optional().describe("not written, whatever is granted"),
      unlink: z.boolean().optional().describe("nothing outside the write grants can be removed"),
      commands: commandsForm.optional().describe("commands that do not run"),
    })
    .optional()
    .describe("denials; they win over every grant"),
  guard: z
    .strictObject({
      repository: guardedForm.optional().describe("not written, in each git directory"),
      pointer: z.string().min(1).optional().describe("why a .git that is a file or a link is not written"),
      hooked: guardedForm.optional().describe("not written, in a work tree whose repository runs hooks"),
      workspace: guardedForm
        .optional()
        .describe("not written, in the directories of work, in work trees, and wherever it is there"),
      secrets: secretNamesForm
        .optional()
        .describe("files of these names are neither read nor written, wherever they are"),
      public: z.array(z.string().min(1)).optional().describe("names among them that may be read"),
    })
    .optional()
    .describe("looked for at the start in the directories of work: what is granted for writing by name"),
});

export type Group = z.infer<typeof groupForm>;

/** What groups.json holds: groups by name. One with the name of a built-in group adds to that group. */
export type Groups = Readonly<Record<string, Group>>;
