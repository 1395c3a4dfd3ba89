import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleServer } from "../../../generator/5-write/bundle.ts";
import { readTree } from "../files.ts";
import { type BuiltApp, temporaryFolder } from "../server.ts";

/** A mistake put into one generated module: the matrix must find it on this path. */
export interface Hole {
  /** What is forgotten. */
  readonly what: string;
  readonly shape: string;
  readonly path: string;
  /** Module below `_generated/server/`. */
  readonly module: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const BROKEN_TEST = "auth.userId === auth.userId || ";

/** One for each shape at most, so that they stand in one server together and each shows by itself. */
export const HOLES: readonly Hole[] = [
  {
    what: "the live filter without the rule",
    shape: "OwnerOrPublic",
    path: "socket",
    module: "ownerOrPublic",
    from: "return mayRead(auth, fedRow<OwnerOrPublicRow>(text)) ? text : null;",
    to: "return text;",
  },
  {
    what: "everybody in one group of the fan-out",
    shape: "NullableOwner",
    path: "socket",
    module: "nullableOwner",
    from: /export const groupOf = .*/,
    to: 'export const groupOf = (_auth: Auth): string => "";',
  },
  {
    what: "admins in the group of others, where a field has a rule",
    shape: "FieldOfRow",
    path: "socket",
    module: "fieldOfRow",
    from: /export const groupOf = .*/,
    to: 'export const groupOf = (_auth: Auth): string => "";',
  },
  {
    what: "a list without its WHERE",
    shape: "Mixed",
    path: "list",
    module: "mixed",
    from: "readList(app, app.db.scan, page, scope.sql.list, scope.args)",
    to: 'readList(app, app.db.scan, page, reads("true").list, [])',
  },
  {
    what: "a sorted list without its WHERE",
    shape: "NullableOrg",
    path: "sort",
    module: "nullableOrg",
    from: "readList(app, app.db.scan, page, listSql(scope.sql.where, ordered(order, page)), scope.args)",
    to: 'readList(app, app.db.scan, page, listSql("true", ordered(order, page)), [])',
  },
  {
    what: "a search without its WHERE",
    shape: "Unsynced",
    path: "search",
    module: "unsynced",
    from: /const sql = listSql\(`\$\{scope\.sql\.where\} AND (.*)`, (.*)\);\n(.*)\[\.\.\.scope\.args, page\.words\]/,
    to: "const sql = listSql(`$1`, $2);\n$3[page.words]",
  },
  {
    what: "a page by cursor without its WHERE",
    shape: "Tenanted",
    path: "page",
    module: "tenanted",
    from: "scope.sql.page, scope.args",
    to: 'reads("true").page, []',
  },
  {
    what: "a read by id without its WHERE",
    shape: "RoleAndTenant",
    path: "get",
    module: "roleAndTenant",
    from: "scope.sql.get, [...scope.args, id]",
    to: 'reads("true").get, [id]',
  },
  {
    what: "a snapshot without its WHERE",
    shape: "Owned",
    path: "snapshot",
    module: "owned",
    from: "scope.sql.snapshot, [...scope.args, after",
    to: 'reads("true").snapshot, [after',
  },
  {
    what: "a count of the whole table",
    shape: "Timed",
    path: "list",
    module: "timed",
    from: "count(*) AS count FROM (SELECT * FROM",
    to: '(SELECT count(*) FROM "Timed") AS count FROM (SELECT * FROM',
  },
  {
    what: "a field without its rule",
    shape: "FieldRules",
    path: "get",
    module: "fieldRules",
    from: /maySeeForOwner\(auth, row\) \?/,
    to: `${BROKEN_TEST}maySeeForOwner(auth, row) ?`,
  },
  {
    what: "a column of the server's in the answer",
    shape: "Internal",
    path: "get",
    module: "internal",
    from: "const ROW = `json_object('id', \"id\"",
    to: "const ROW = `json_object('id', \"id\", 'internal', \"internal\"",
  },
  {
    what: "a replication scope that is not asked",
    shape: "ScopedTwice",
    path: "delta pull",
    module: "scopedTwice",
    from: "isReplicated(auth, row) ?",
    to: `(${BROKEN_TEST}isReplicated(auth, row)) ?`,
  },
  {
    what: "a hidden row that is refused with another answer",
    shape: "Sealed",
    path: "error of a hidden row",
    module: "sealed",
    from: /throw refused\(app, "Sealed", id, .*\);/,
    to: 'throw denied("Sealed");',
  },
  {
    what: "an end of a membership that nobody is told of",
    shape: "nobody was told that the team is gone",
    path: "",
    module: "sync",
    from: 'return ["TeamDoc"];',
    to: "return [];",
  },
];

/** The app with every hole in it, bundled as codegen does. Throws when a hole finds no place, so that none goes stale unseen. */
export async function withHoles(app: BuiltApp, holes: readonly Hole[]): Promise<Pick<BuiltApp, "dist">> {
  const files = readTree(join(app.folder, "_generated")).map(({ path, text }) => ({
    path: `_generated/${path}`,
    text,
  }));
  const changed = files.map((file) => {
    const mine = holes.filter(({ module }) => file.path === `_generated/server/${module}.ts`);
    return { path: file.path, text: mine.reduce((text, hole) => cut(text, hole), file.text) };
  });
  const dist = temporaryFolder("pylon-holes-");
  for (const { path, content } of (await bundleServer(app.folder, changed)).files)
    writeFileSync(join(dist, path), content);
  return { dist };
}

function cut(text: string, { what, from, to }: Hole): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`no place for "${what}"`);
  return changed;
}
