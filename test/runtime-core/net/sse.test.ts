import { afterEach, expect, test } from "vitest";
import { ANONYMOUS } from "../../../runtime-core/kernel/auth.ts";
import { openServer, type Served } from "./world.ts";

let served: Served;
afterEach(() => served.close());

/** Reads a stream until it holds `text`. */
async function listen(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(served.url + path, { headers });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let got = "";
  return {
    response,
    async until(text: string): Promise<string> {
      while (!got.includes(text)) {
        const part = await reader?.read();
        if (part?.done !== false) throw new Error(`ended with ${got}`);
        got += decoder.decode(part.value, { stream: true });
      }
      return got;
    },
    async ended(): Promise<boolean> {
      while ((await reader?.read())?.done === false);
      return true;
    },
    cancel: () => reader?.cancel(),
  };
}

test("takes a bearer token, ?token= or the cookie, and nobody else", async () => {
  served = await openServer();
  for (const [path, headers] of [
    ["/events", {}],
    ["/events?token=wrong", {}],
    ["/events", { authorization: "Bearer wrong" }],
  ] as const) {
    const answer = await fetch(served.url + path, { headers });
    expect([path, answer.status]).toEqual([path, 401]);
    expect(await answer.json()).toMatchObject({ error: { code: "AUTH_REQUIRED" } });
  }
  for (const [path, headers] of [
    ["/events", { authorization: "Bearer t-ana" }],
    ["/events?token=t-ana", {}],
    ["/events?token=t-admin", {}],
    ["/events", { cookie: "app_session=t-ana" }],
  ] as const) {
    const stream = await listen(path, headers);
    expect([path, stream.response.status, stream.response.headers.get("content-type")]).toEqual([
      path,
      200,
      "text/event-stream",
    ]);
    expect(await stream.until("\n\n")).toBe(": connected\n\n");
    await stream.cancel();
  }
});

test("is not opened by HEAD, which could never be answered", async () => {
  served = await openServer();
  const answer = await fetch(`${served.url}/events?token=t-ana`, { method: "HEAD" });
  expect(answer.status).toBe(404);
  expect(served.fanOut.size).toBe(0);
});

test("sends changes by R-POL with their number, and resumes from Last-Event-ID", async () => {
  served = await openServer();
  const stream = await listen("/events?token=t-ana");
  await stream.until(": connected");
  await served.insert("bob's", "bob");
  const { rowId } = await served.insert("hers");
  const data = { id: rowId, title: "hers", ownerId: "ana" };
  const event = JSON.stringify({ seq: 2, entity: "Todo", row_id: rowId, kind: "insert", data, timestamp: "" });
  expect(await stream.until("hers")).toBe(`: connected\n\nid: 2\ndata: ${event}\n\n`);
  await stream.cancel();
  await served.insert("missed");
  const again = await listen("/events?token=t-ana", { "last-event-id": "2" });
  const got = await again.until("missed");
  expect(got).not.toContain("hers");
  await served.insert("live");
  expect(await again.until("live")).toMatch(/id: 3\n[\s\S]*id: 4\n/);
  await again.cancel();
});

test("ends when its session does", async () => {
  served = await openServer();
  const stream = await listen("/events?token=t-ana");
  await stream.until(": connected");
  served.fanOut.sessionChanged("s-ana", ANONYMOUS);
  await served.insert("after");
  expect(await stream.ended()).toBe(true);
  expect(served.fanOut.size).toBe(0);
});
