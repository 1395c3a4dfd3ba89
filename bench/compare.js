/** Whether two servers give the same answer: nothing is timed that is not the same. */

import { isDeepStrictEqual } from "node:util";
import { WORKS } from "./works.js";

/** Sends the text of one request as the load generator does; gives status and JSON value. */
export async function exchange(port, request) {
  const [head, body] = request.split("\r\n\r\n");
  const [line, ...headers] = head.split("\r\n");
  const [method, path] = line.split(" ");
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: headers
      .map((header) => header.split(": "))
      .filter(([name]) => name !== "Host" && name !== "Content-Length"),
    body: body === "" ? undefined : body,
  });
  return { status: response.status, body: await response.json() };
}

/** An insert answers with an id of its own making: only its form is compared. */
const comparable = ({ status, body }, work) => ({
  status,
  body: work === "insert" ? { ...body, id: /^[0-9a-f]{40}$/.test(body?.id) } : body,
});

/** Null when all servers answer alike, else what differs. The float 2.0 and 2 are one JSON value. */
export async function difference(work, servers, i) {
  const answers = [];
  for (const { port, callers } of servers)
    answers.push(comparable(await exchange(port, WORKS[work].request(i, callers)), work));
  const [first, ...others] = answers;
  const odd = others.findIndex((answer) => !isDeepStrictEqual(answer, first));
  const bad = answers.findIndex(({ status }) => status !== WORKS[work].status);
  if (odd < 0 && bad < 0) return null;
  const which = odd < 0 ? bad : odd + 1;
  return `${servers[which].name} answers ${excerpt(answers[which])}, ${servers[0].name} ${excerpt(first)}`;
}

const excerpt = ({ status, body }) => `${status} ${JSON.stringify(body).slice(0, 300)}`;

const outline = ({ entities, policies }) => ({
  entities: entities.map(({ name, fields }) => [
    name,
    fields.map((field) => [field.name, field.type, field.optional, field.unique]),
  ]),
  policies: policies.map(({ name, entity, action, ...rules }) => [
    name,
    entity,
    Object.entries(rules)
      .filter(([rule]) => rule.startsWith("allow"))
      .sort(),
  ]),
});

/** Whether two servers serve the same app. */
export async function sameApp(a, b) {
  const request = (server) =>
    `GET /api/manifest?full=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.callers.adminToken}\r\n\r\n`;
  const [one, other] = await Promise.all(
    [a, b].map(async (server) => (await exchange(server.port, request(server))).body),
  );
  return isDeepStrictEqual(outline(one), outline(other));
}
