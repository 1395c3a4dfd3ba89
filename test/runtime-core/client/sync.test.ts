import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import {
  type ClientCore,
  type ClientOptions,
  memoryStorage,
  openClient,
  PylonClientError,
} from "../../../runtime-core/client/index.ts";
import { FeedServer } from "./feed-server.ts";

interface Todo {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
}

let server: FeedServer;
let url = "";
const open: ClientCore[] = [];

beforeEach(async () => {
  server = new FeedServer();
  url = await server.listen();
});

afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await server.close();
});

function connect(token = "t:ann", options: ClientOptions = {}) {
  const storage = memoryStorage();
  storage.set("pylon:test:token", token);
  const client = openClient({
    baseUrl: url,
    appName: "test",
    reconnectMs: 10,
    ...options,
    environment: {
      storage,
      openSocket: (address, protocols) => new NodeSocket(address, protocols) as unknown as WebSocket,
      ...options.environment,
    },
  });
  open.push(client);
  const todos = client.entity<
    Todo,
    { title: string; done?: boolean },
    { title?: string; done?: boolean },
    object,
    object
  >({
    name: "Todo",
    datetimes: [],
    row: (id, values) => ({ id, title: values.title, done: values.done ?? false }),
  });
  const live = todos.liveList({});
  return { client, todos, live, storage, titles: () => live.read().data.map((todo) => todo.title) };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const untilLive = (client: ClientCore) => until(() => expect(client.state.read()).toBe("live"));

/** Everything since `since` was told to the listener, in order. */
function statesOf(client: ClientCore): string[] {
  const seen: string[] = [client.state.read()];
  client.state.subscribe(() => seen.push(client.state.read()));
  return seen;
}

describe("reading", () => {
  test("an empty entity stops loading", async () => {
    const { live } = connect();
    expect(live.read()).toEqual({ data: [], loading: true, error: null });
    live.subscribe(() => {});
    await until(() => expect(live.read().loading).toBe(false));
    expect(live.read()).toBe(live.read());
  });

  test("a snapshot of many pages arrives whole, then changes live", async () => {
    server.pageRows = 2;
    for (const id of ["a", "b", "c", "d", "e"]) server.write("Todo", id, "insert", { title: id, done: false });
    const { client, todos, titles } = connect();
    expect((await todos.list()).map((todo) => todo.title)).toEqual(["a", "b", "c", "d", "e"]);
    await untilLive(client);
    server.write("Todo", "c", "delete");
    server.write("Todo", "f", "insert", { title: "f", done: false });
    await until(() => expect(titles()).toEqual(["a", "b", "d", "e", "f"]));
    expect(server.requests.filter((line) => line.includes("snapshot=1"))).toHaveLength(3);
  });

  test("what is written between the pull and the opening of the socket is not lost", async () => {
    let pulls = 0;
    server.beforeAnswer = (path) => {
      if (path.includes("pull") && ++pulls === 1) server.write("Todo", "gap", "insert", { title: "gap", done: false });
    };
    const { client, titles } = connect();
    client.start();
    await untilLive(client);
    expect(titles()).toEqual(["gap"]);
  });

  test("a listener hears only of its own entity", async () => {
    const { client, todos } = connect();
    let calls = 0;
    todos.subscribe({}, () => calls++);
    await untilLive(client);
    const before = calls;
    server.write("Other", "x", "insert", {});
    server.write("Todo", "y", "insert", { title: "y", done: false });
    await until(() => expect(calls).toBe(before + 1));
  });
});

describe("breaks", () => {
  test("states go idle, pulling, live, offline, pulling, live; missed events are pulled", async () => {
    server.write("Todo", "a", "insert", { title: "a", done: false });
    const { client, titles } = connect();
    const states = statesOf(client);
    client.start();
    await untilLive(client);
    server.broadcasts = false;
    server.write("Todo", "b", "insert", { title: "b", done: false });
    server.dropSockets();
    await until(() => expect(titles()).toEqual(["a", "b"]));
    await untilLive(client);
    expect(states).toEqual(["idle", "pulling", "live", "offline", "pulling", "live"]);
    client.close();
    expect(client.state.read()).toBe("closed");
  });

  test("a forgotten cursor (410) and a resync message both end in a fresh snapshot", async () => {
    server.write("Todo", "a", "insert", { title: "a", done: false });
    const { client, titles } = connect();
    client.start();
    await untilLive(client);
    server.broadcasts = false;
    server.write("Todo", "b", "insert", { title: "b", done: false });
    server.write("Todo", "a", "delete");
    server.oldest = 3;
    server.dropSockets();
    await until(() => expect(titles()).toEqual(["b"]));
    await untilLive(client);
    server.write("Todo", "b", "delete");
    server.say({ type: "resync" });
    await until(() => expect(titles()).toEqual([]));
  });

  test("without a server, lists say NETWORK, and recover", async () => {
    const port = server.port;
    await server.close();
    const { live, todos } = connect();
    live.subscribe(() => {});
    await until(() => expect(live.read().error?.code).toBe("NETWORK"));
    await expect(todos.list()).rejects.toMatchObject({ code: "NETWORK", status: 0 });
    server = new FeedServer();
    await server.listen(port);
    await until(() => expect(live.read()).toMatchObject({ loading: false, error: null }));
  });
});

describe("writing", () => {
  test("shows at once, under the id that stays", async () => {
    const { client, todos, live } = connect();
    client.start();
    await untilLive(client);
    const insert = todos.insert({ title: "milk" });
    const [shown] = live.read().data;
    expect(shown).toMatchObject({ title: "milk", done: false });
    const row = await insert;
    expect(row.id).toBe(shown?.id);
    expect(row.id).toMatch(/^[0-9a-f]{40}$/);
    await todos.update(row.id, { done: true });
    expect(live.read().data).toEqual([{ id: row.id, title: "milk", done: true }]);
    await todos.remove(row.id);
    expect(live.read().data).toEqual([]);
  });

  test("a refusal is taken back and carries its code; the change beside it stands", async () => {
    server.refuse = (change) => (change.data?.title === "bad" ? "POLICY_DENIED" : null);
    const { client, todos, titles } = connect();
    client.start();
    await untilLive(client);
    const [bad, good] = await Promise.allSettled([todos.insert({ title: "bad" }), todos.insert({ title: "good" })]);
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "POLICY_DENIED", status: 403 } });
    expect((bad as PromiseRejectedResult).reason).toBeInstanceOf(PylonClientError);
    expect(good.status).toBe("fulfilled");
    await until(() => expect(titles()).toEqual(["good"]));
  });

  test("a lost answer is asked for again and the change is made once", async () => {
    const { client, todos, titles } = connect();
    client.start();
    await untilLive(client);
    let lost = 0;
    server.beforeAnswer = (path) => {
      if (path.endsWith("push") && lost++ === 0) throw new Error("lost");
    };
    await todos.insert({ title: "once" });
    expect(server.rows()).toHaveLength(1);
    expect(titles()).toEqual(["once"]);
  });

  test("writes made offline wait and go out in order", async () => {
    const { client, todos, titles } = connect();
    client.start();
    await untilLive(client);
    const port = server.port;
    const before = server;
    await server.close();
    const work = Promise.all([todos.insert({ title: "1" }), todos.insert({ title: "2" })]);
    expect(titles()).toEqual(["1", "2"]);
    server = new FeedServer();
    await server.listen(port);
    server.events.push(...before.events);
    await work;
    expect(server.rows().map((row) => row.data?.title)).toEqual(["1", "2"]);
  });

  test("an event that is never sent is replaced by a pull", async () => {
    const { client, todos, titles } = connect();
    client.start();
    await untilLive(client);
    server.broadcasts = false;
    const { id } = await todos.insert({ title: "a" });
    server.write("Todo", id, "delete");
    await until(() => expect(titles()).toEqual([]));
  });
});

describe("identity", () => {
  test("another user starts from nothing", async () => {
    server.write("Todo", "a", "insert", { title: "of ann", done: false });
    const { client, live, storage, titles } = connect();
    live.subscribe(() => {});
    await until(() => expect(titles()).toEqual(["of ann"]));
    await untilLive(client);
    const shown: number[] = [];
    live.subscribe(() => shown.push(live.read().data.length));
    server.events.length = 0;
    await client.auth.login({ email: "bob", password: "right" });
    expect(storage.get("pylon:test:token")).toBe("t:bob");
    await until(() => expect(client.session.read().session.userId).toBe("bob"));
    await until(() => expect(live.read()).toMatchObject({ data: [], loading: false }));
    expect(Math.max(...shown)).toBe(0);
  });

  test("refused sign-in: code, status, hint; the session stays", async () => {
    const { client, storage } = connect();
    await expect(client.auth.login({ email: "bob", password: "wrong" })).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
      status: 401,
      hint: "Try.",
    });
    expect(storage.get("pylon:test:token")).toBe("t:ann");
    await client.auth.logout();
    expect(storage.get("pylon:test:token")).toBeNull();
    await until(() => expect(client.session.read()).toMatchObject({ loading: false, session: { userId: null } }));
  });

  test("writes of the one before are not sent as the next", async () => {
    const { client, todos } = connect();
    client.start();
    await untilLive(client);
    server.beforeAnswer = (path) => {
      if (path.endsWith("push")) throw new Error("away");
    };
    const write = todos.insert({ title: "of ann" });
    const settled = write.catch((error: PylonClientError) => error.code);
    await client.auth.login({ email: "bob", password: "right" });
    expect(await settled).toBe("IDENTITY_CHANGED");
  });
});
