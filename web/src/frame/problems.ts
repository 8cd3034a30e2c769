import type { Failure, Problem } from "../api/types";

/** Where in a file a problem stands, as compilers write it: `theatre.yaml:6:15`. */
export function whereOf({ file, line, column }: Problem): string {
  if (!file) return "";
  return line ? `${file}:${line}:${column ?? 1}` : file;
}

/** A problem in one line, as `glacis check` tells it. */
export function problemText(problem: Problem): string {
  const where = [whereOf(problem), problem.path].filter(Boolean).join(" ");
  return `${where ? `${where}: ` : ""}${problem.what}${problem.repair ? `; ${problem.repair}` : ""}`;
}

/** All that is wrong, to be pasted into a letter or an editor. */
export const failureText = (failure: Failure): string =>
  failure.problems.length ? failure.problems.map(problemText).join("\n") : failure.message;
