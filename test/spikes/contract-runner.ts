import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

/**
 * Stands for "vitest" where the contract runs inside workerd: the same matchers, but tests are collected by name and run one
 * at a time when the outside asks.
 */
type Act = () => unknown;
interface Suite {
  readonly tests: Map<string, Act>;
  readonly before: Act[];
  readonly after: Act[];
}

export const suite: Suite = { tests: new Map(), before: [], after: [] };

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = chai.expect;
export const describe = (_name: string, define: () => void): void => define();
export const beforeEach = (act: Act): number => suite.before.push(act);
export const afterEach = (act: Act): number => suite.after.push(act);
export const test = Object.assign((name: string, act: Act) => suite.tests.set(name, act), { skip: () => undefined });

export async function runTest(name: string): Promise<void> {
  const act = suite.tests.get(name);
  if (act === undefined) throw new Error(`no test is named ${name}`);
  for (const before of suite.before) await before();
  try {
    await act();
  } finally {
    for (const after of suite.after) await after();
  }
}
