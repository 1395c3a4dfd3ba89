import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with `N passed, N failed` alone on a line. A file that could not be read and an error outside of tests count as failed:
 * nothing that makes the run fail may be missing from the line.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string): number => states.filter((found) => found === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const line = `${count("passed")} passed, ${count("failed") + broken + errors.length} failed`;
    // After the summary of the other reporter, which is written in the same turn.
    process.once("exit", () => process.stdout.write(`${line}\n`));
  }
}
