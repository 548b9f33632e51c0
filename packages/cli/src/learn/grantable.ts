// Which requests a learned profile may grant at all: what is asked of them with --permissive, and what is noted.

import type { Request, RequestedPath } from "nono-ts";
import { isWithin } from "nono-ts/internal";
import type { Bounds } from "./bounds.ts";

/** Not what is denied, would move something from under a denial, or is only to be had by what no profile can grant. */
export function isGrantable(request: Request, { denied, guarded }: Bounds): boolean {
  if (request.reason !== "not-granted" && request.reason !== "destination") return false;
  if ((request.operation === "connect" || request.operation === "send") && request.target === undefined)
    return request.address.family === "internet";
  const never = [...denied.read, ...denied.write, ...guarded];
  const reaches = ({ path }: RequestedPath) => never.some((one) => isWithin(path, one));
  const holds = ({ path }: RequestedPath) => never.some((one) => isWithin(one, path));
  switch (request.operation) {
    case "link":
    case "rename":
      return ![request.target, request.to].some((one) => reaches(one) || holds(one));
    case "listen":
    case "socket":
    case "share":
    case "schedule":
    case "limit":
    case "signal":
      return false;
    case "symlink":
      return !reaches(request.target) && !holds(request.target);
    default:
      return request.target !== undefined && !reaches(request.target);
  }
}
