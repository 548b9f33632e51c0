import { expect, it } from "vitest";
import { ScreenModel } from "./screen-model.ts";

const CSI = "\u001b[";
const GREATEST = 2 ** 31 - 1;

it.each(["L", "M", "S", "T", "b", "I", "Z", "@", "P", "X"])(
  "is done with a %s two billion times",
  async (final) => {
    const model = await ScreenModel.make({ rows: 6, columns: 12 });
    await model.follow([Buffer.from(`a${CSI}${GREATEST}${final}${CSI}3;3Hseen`)]);
    expect(model.paint()).toContain("seen");
    model.close();
  },
);
