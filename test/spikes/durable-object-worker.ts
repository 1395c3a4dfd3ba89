import { storageContract } from "../runtime-core/storage/contract.ts";
import { runTest, suite } from "./contract-runner.ts";
import { type ObjectStorage, openDurableObject } from "./durable-object.ts";

interface State {
  readonly storage: ObjectStorage & { deleteAll(): Promise<void> };
}

interface Env {
  readonly TESTS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

let current: State | undefined;

storageContract("SQLite Durable Object", async () => {
  if (current === undefined) throw new Error("no object is running");
  await current.storage.deleteAll();
  return openDurableObject(current.storage);
});

/** GET /names lists the tests; GET /run?name runs one inside the object. */
export class ContractObject {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/names") return Response.json([...suite.tests.keys()]);
    current = this.#state;
    try {
      await runTest(url.searchParams.get("name") ?? "");
      return Response.json({ ok: true });
    } catch (error) {
      const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
      return Response.json({ ok: false, text });
    }
  }
}

export default {
  fetch: (request: Request, env: Env): Promise<Response> => env.TESTS.get(env.TESTS.idFromName("one")).fetch(request),
};
