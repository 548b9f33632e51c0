// At the end of a run that changed something: whether somebody wants to look at it, and take some of it back.

import { FullScreen } from "nono-ts/internal";
import type { Io } from "../../io.ts";
import { canDraw } from "../../terminal/can-draw.ts";
import { reportError } from "../../ui/message.ts";
import { confirmed } from "./confirm.ts";
import { isNothing, type Reviewed, tellReviewed } from "./reviewed.ts";

/** Only a person at a terminal is asked, and silence means no. Whatever goes wrong is said, and the run has ended well. */
export async function offerReview(reviewed: Reviewed, io: Io): Promise<void> {
  if (!canDraw(io.env) || !FullScreen.canOpen()) return;
  try {
    if (!(await confirmed("nono: look at it, and take some of it back? [y/N] ", io))) return;
    const everything = await reviewed.restoration.prepare({
      to: reviewed.heading.to,
      paths: undefined,
      force: false,
    });
    if (isNothing(everything)) return;
    const { reviewOnScreen } = await import("./review.ts");
    const taken = await reviewOnScreen(reviewed, everything, io);
    if (taken !== undefined) tellReviewed(reviewed.heading.session, taken, io);
  } catch (error) {
    reportError(error, io);
  }
}
