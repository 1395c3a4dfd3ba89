import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { storageContract } from "../runtime-core/storage/contract.ts";
import { openPostgres } from "./postgres.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

storageContract("Postgres", async () => {
  const client = new Client(server);
  await client.connect();
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await client.end();
  return openPostgres(server);
});
