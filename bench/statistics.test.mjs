import fc from "fast-check";
import { expect, it } from "vitest";
import { statisticsOf } from "./statistics.mjs";

it("takes the middle, or what lies between the two in the middle", () => {
  expect(statisticsOf([3, 1, 2])).toEqual({ median: 2, min: 1, p90: 2.8 });
  expect(statisticsOf([4, 1, 2, 3]).median).toBe(2.5);
  expect(statisticsOf([7])).toEqual({ median: 7, min: 7, p90: 7 });
});

it("has no answer for no measurement", () => {
  expect(() => statisticsOf([])).toThrow("no measurement");
});

it("orders min, median and p90, and does not depend on the order of the values", () =>
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
      const { min, median, p90 } = statisticsOf(values);
      expect(min).toBe(Math.min(...values));
      expect(median).toBeGreaterThanOrEqual(min);
      expect(p90).toBeGreaterThanOrEqual(median);
      expect(statisticsOf([...values].reverse())).toEqual({ min, median, p90 });
    }),
  ));
