// An object of things by name: each member checked on its own, so that every problem has its line.

import type { PolicyProblem } from "../error.ts";
import { type Checked, checked } from "./checked.ts";
import type { Document, Location } from "./document.ts";
import { nameForm } from "./text-forms.ts";

/** All members of the document's root but `$schema`. */
export function membersOf<T>(
  document: Document,
  file: string,
  checkMember: (location: Location) => Checked<T>,
): Checked<Record<string, T>> {
  const root = document.value;
  if (typeof root !== "object" || root === null || Array.isArray(root))
    return {
      problems: [
        { code: "config-value", file, ...document.positionOf([]), where: "", reason: "expected an object" },
      ],
    };

  const problems: PolicyProblem[] = [];
  const members: Record<string, T> = {};
  for (const name of Object.keys(root)) {
    if (name === "$schema") continue;
    problems.push(...nameProblems(name, document, file));
    const member = checkMember([name]);
    if ("value" in member) members[name] = member.value;
    else problems.push(...member.problems);
  }
  return checked(problems, () => members);
}

function nameProblems(name: string, document: Document, file: string): readonly PolicyProblem[] {
  const issues = nameForm.safeParse(name).error?.issues ?? [];
  return issues.map((issue) => ({
    code: "config-value",
    file,
    ...document.positionOfKey([name]),
    where: name,
    reason: issue.message,
  }));
}
