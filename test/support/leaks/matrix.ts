import type { BuiltApp } from "../server.ts";
import { startServer } from "../server.ts";
import { canariesIn, newCanary } from "./canaries.ts";
import {
  delta,
  type Listener,
  openSocket,
  openStream,
  snapshotPaged,
  snapshotWhole,
  type Told,
  toldBy,
  untilTold,
} from "./feed-reads.ts";
import { LIST_ROWS_MAX, REFUSALS, ROUTES } from "./reads.ts";
import { canariesFor, Rows, type Version } from "./rows.ts";
import { SHAPES, type Shape, TEAM } from "./shapes.ts";
import { must, openViewers, type Viewer, type Viewers } from "./viewers.ts";

export interface Result {
  /** Cells that were looked at. */
  readonly cells: number;
  /** Canaries that came to who may not have them, as "shape × path × role: …". */
  readonly leaks: readonly string[];
  /** What should have come and did not, and wrong counts. */
  readonly faults: readonly string[];
}

export interface MatrixOptions {
  readonly shapes?: readonly string[];
  readonly roles?: readonly (keyof Viewers)[];
}

class Report {
  cells = 0;
  readonly leaks: string[] = [];
  readonly faults: string[] = [];

  cell(name: string, text: string, allowed: Iterable<string>, wrong: readonly string[] = []): void {
    this.cells += 1;
    const [found, wanted] = [canariesIn(text), new Set(allowed)];
    const leaked = [...found].filter((canary) => !wanted.has(canary));
    const absent = [...wanted].filter((canary) => !found.has(canary));
    if (leaked.length > 0) this.leaks.push(`${name}: ${leaked.length} canaries in ${text.slice(0, 300)}`);
    if (absent.length > 0) this.faults.push(`${name}: ${absent.length} canaries did not come in ${text.slice(0, 300)}`);
    for (const what of wrong) this.faults.push(`${name}: ${what}`);
  }
}

/** Every caller on every path to every shape, before and after rows have moved in and out of sight. */
export async function leakMatrix(app: Pick<BuiltApp, "dist">, options: MatrixOptions = {}): Promise<Result> {
  const server = await startServer(app, {
    PYLON_QUERY_MAX_LIMIT: String(LIST_ROWS_MAX),
    PYLON_SECRET: "a secret of at least thirty-two characters",
  });
  const shapes = SHAPES.filter(({ name }) => name === "Everyone" || (options.shapes?.includes(name) ?? true));
  const everyone = await openViewers(server.url);
  const viewers = Object.entries(everyone).flatMap(([role, viewer]) =>
    options.roles === undefined || options.roles.some((wanted) => wanted === role) ? [viewer] : [],
  );
  const people = idsOf(everyone);
  const rows = new Rows(everyone.admin, shapes, people);
  const report = new Report();
  const matrix: Matrix = { url: server.url, shapes, viewers, everyone, rows, report };

  await rows.insertAll();
  await readAll(matrix, "first");
  await listening(matrix, "after moves", async () => {
    await rows.moveAll();
    await rows.removeSome();
  });
  await readAll(matrix, "after moves");
  await replays(matrix);
  await membershipEnds(matrix);
  await server.stop();
  return report;
}

interface Matrix {
  readonly url: string;
  readonly shapes: readonly Shape[];
  readonly viewers: readonly Viewer[];
  readonly everyone: Viewers;
  readonly rows: Rows;
  readonly report: Report;
}

const idsOf = ({ owner, stranger, member }: Viewers) => ({
  owner: owner.userId ?? "",
  stranger: stranger.userId ?? "",
  member: member.userId ?? "",
});

const canariesOf = (versions: Iterable<Version>, shape: Shape, viewer: Viewer, synced: boolean): readonly string[] =>
  [...versions].filter((version) => version.shape === shape).flatMap((version) => canariesFor(version, viewer, synced));

/** Paths that ask: the routes of the entity, and snapshots. */
async function readAll(matrix: Matrix, when: string): Promise<void> {
  await Promise.all(matrix.viewers.map((viewer) => readAs(matrix, viewer, when)));
}

async function readAs({ shapes, rows, report }: Matrix, viewer: Viewer, when: string): Promise<void> {
  for (const shape of shapes) {
    const name = (path: string) => `${shape.name} × ${path} × ${viewer.role} (${when})`;
    const allowed = canariesOf(rows.current.values(), shape, viewer, false);
    for (const [path, read] of Object.entries(ROUTES)) {
      const { text, wrong } = await read({ viewer, shape, rows });
      report.cell(name(path), text, allowed, wrong);
    }
    for (const [path, read] of Object.entries(REFUSALS)) {
      const { text, wrong } = await read({ viewer, shape, rows });
      // A unique violation names what the caller sent, at most.
      report.cell(name(path), text, [], wrong);
    }
  }
  for (const [path, pull] of [
    ["snapshot", snapshotWhole],
    ["paged snapshot", snapshotPaged],
  ] as const)
    compareTold(await pull(viewer), shapes, viewer, rows.current.values(), path, when, report);
  const around = ["/api/auth/me", "/api/auth/session", "/api/manifest", "/api/openapi.json", "/health"];
  const answers = await Promise.all(around.map((path) => viewer.api.get(path)));
  for (const [at, { text }] of answers.entries()) report.cell(`${around[at]} × ${viewer.role} (${when})`, text, []);
}

function compareTold(
  changes: readonly Told[],
  shapes: readonly Shape[],
  viewer: Viewer,
  versions: Iterable<Version>,
  path: string,
  when: string,
  report: Report,
): void {
  const all = [...versions];
  for (const shape of shapes) {
    const text = changes.flatMap((change) => (change.entity === shape.name ? [change.text] : [])).join("\n");
    report.cell(`${shape.name} × ${path} × ${viewer.role} (${when})`, text, canariesOf(all, shape, viewer, true));
  }
}

/** Paths that are told: sockets and streams that are open while `change` happens. */
async function listening(
  { url, shapes, viewers, everyone, rows, report }: Matrix,
  when: string,
  change: () => Promise<void>,
): Promise<void> {
  const sockets = await Promise.all(viewers.map((viewer) => openSocket(url, viewer)));
  const known = viewers.filter(({ userId }) => userId !== null);
  const streams = await Promise.all(known.map((viewer) => openStream(url, viewer)));
  const from = rows.history.length;
  await change();
  const last = newCanary();
  await must(everyone.admin.api.post("/api/entities/Everyone", { canary: last, ownerId: "nobody" }), 201);
  await untilTold([...sockets, ...streams], "Everyone", last);

  const written = rows.history.slice(from);
  const heard = (listener: Listener, viewer: Viewer, path: string) => {
    const changes = toldBy(listener).filter(({ text }) => !text.includes(last));
    compareTold(changes, shapes, viewer, written, path, when, report);
    listener.close();
  };
  for (const [at, viewer] of viewers.entries()) heard(sockets[at] as Listener, viewer, "socket");
  for (const [at, viewer] of known.entries()) heard(streams[at] as Listener, viewer, "stream");
  await removeLast(everyone, last);
}

async function removeLast({ admin }: Viewers, canary: string): Promise<void> {
  const found = await admin.api.get<{ data: { id: string }[] }>(`/api/entities/Everyone?q=${canary}`);
  await must(admin.api.delete(`/api/entities/Everyone/${found.json.data[0]?.id}`), 200);
}

/** Paths that tell what was: every version that the caller may see by today's rights. */
async function replays({ url, shapes, viewers, everyone, rows, report }: Matrix): Promise<void> {
  const last = newCanary();
  await must(everyone.admin.api.post("/api/entities/Everyone", { canary: last, ownerId: "nobody" }), 201);
  const isOurs = rows.history.map((version) => version.canary);
  const known = (changes: readonly Told[]) =>
    changes.filter(
      ({ text }) => [...canariesIn(text)].some((canary) => isOurs.includes(canary)) || !/Everyone/.test(text),
    );
  await Promise.all(
    viewers.map(async (viewer) => {
      const compare = (changes: readonly Told[], path: string) =>
        compareTold(known(changes), shapes, viewer, rows.history, path, "replay", report);
      compare(await delta(viewer, 1), "delta pull");
      const socket = await openSocket(url, viewer, 1);
      await untilTold([socket], "Everyone", last);
      compare(toldBy(socket), "socket since");
      socket.close();
      if (viewer.userId === null) return;
      const stream = await openStream(url, viewer, 1);
      await untilTold([stream], "Everyone", last);
      compare(toldBy(stream), "stream since");
      stream.close();
    }),
  );
  await removeLast(everyone, last);
}

/** A member who leaves his team is told to start over, and gets nothing of the team from then on. */
async function membershipEnds(matrix: Matrix): Promise<void> {
  const { everyone, viewers, url, shapes, rows, report } = matrix;
  const { admin, member } = everyone;
  if (!viewers.includes(member) || !shapes.some(({ name }) => name === "TeamDoc")) return;
  const socket = await openSocket(url, member);
  const list = await admin.api.get<{ data: { id: string; userId: string }[] }>("/api/entities/Membership");
  const left = list.json.data.find(({ userId }) => userId === member.userId);
  await must(admin.api.delete(`/api/entities/Membership/${left?.id}`), 200);
  member.teams.delete(TEAM);
  const teams = { ...matrix, viewers: [member], shapes: shapes.filter(({ name }) => name === "TeamDoc") };
  await listening(teams, "after leaving", () => rows.moveAll());
  await readAll(teams, "after leaving");
  if (!socket.texts.some((text) => text.includes("resync")))
    report.faults.push("nobody was told that the team is gone");
  const seen = toldBy(socket).filter(({ entity }) => entity === "TeamDoc");
  report.cell("TeamDoc × socket × member (after leaving)", seen.map(({ text }) => text).join("\n"), []);
  socket.close();
}
