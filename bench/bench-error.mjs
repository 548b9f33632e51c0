// What ends a run of the bench with one line instead of a number.

export class BenchError extends Error {
  name = "BenchError";
}
