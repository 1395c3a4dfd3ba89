import type { TextFile } from "./files.ts";
import { type Import, importsOf } from "./imports.ts";

/** What a layer may import besides itself. A name that ends with `/` is a folder, any other a file or a package. */
interface Rule {
  readonly may: readonly string[];
  /** Only with `import type`. */
  readonly mayTypes?: readonly string[];
  readonly node: boolean;
}

const core = (...names: string[]): string[] => names.map((name) => `runtime-core/${name}/`);
const feature = (...names: string[]): string[] => names.map((name) => `runtime-core/features/${name}/`);

const BELOW_STORAGE = core("kernel", "protocol", "sql");
/** The ports and the schema, not an adapter. */
const STORAGE = ["runtime-core/storage/ports.ts", "runtime-core/storage/errors.ts", "runtime-core/storage/schema/"];
/** What adapters share. */
const BELOW_ADAPTERS = [...BELOW_STORAGE, ...STORAGE, "runtime-core/storage/acts.ts"];
const BELOW_LOG = [...BELOW_STORAGE, ...STORAGE];
const BELOW_NET = [...BELOW_LOG, ...core("log", "live", "crdt", "shards")];
const BELOW_FEATURES = [...BELOW_NET, "runtime-core/net/ports.ts"];
/** The shape of the settings, which the entry reads once and hands to each feature. */
const SETTINGS = ["runtime-core/net/config.ts"];

/** The first entry whose folder holds the file is its layer: adapters and features come before what is around them. */
const LAYERS: readonly (readonly [folder: string, rule: Rule])[] = [
  ["runtime-core/kernel/", { may: [], node: false }],
  ["runtime-core/protocol/", { may: core("kernel"), node: false }],
  ["runtime-core/sql/", { may: core("kernel"), node: false }],
  ["runtime-core/storage/sqlite/", { may: [...BELOW_ADAPTERS, "better-sqlite3"], node: true }],
  ["runtime-core/storage/postgres/", { may: [...BELOW_ADAPTERS, "pg"], node: true }],
  ["runtime-core/storage/", { may: BELOW_STORAGE, node: true }],
  ["runtime-core/log/", { may: BELOW_LOG, node: true }],
  ["runtime-core/live/", { may: [...BELOW_LOG, ...core("log")], node: true }],
  ["runtime-core/crdt/", { may: [...BELOW_LOG, ...core("log"), "loro-crdt"], node: true }],
  ["runtime-core/shards/", { may: [...BELOW_LOG, ...core("log")], node: true }],
  ["runtime-core/net/", { may: [...BELOW_NET, "ws"], node: true }],
  ["runtime-core/features/auth/", { may: [...BELOW_FEATURES, "@node-rs/argon2"], mayTypes: SETTINGS, node: true }],
  [
    "runtime-core/features/functions/",
    { may: [...BELOW_FEATURES, "runtime-core/features/jobs/store.ts"], mayTypes: SETTINGS, node: true },
  ],
  [
    "runtime-core/features/jobs/",
    { may: [...BELOW_FEATURES, ...feature("functions")], mayTypes: SETTINGS, node: true },
  ],
  [
    "runtime-core/features/workflows/",
    { may: [...BELOW_FEATURES, ...feature("jobs", "functions")], mayTypes: SETTINGS, node: true },
  ],
  ["runtime-core/contract/", { may: [...BELOW_NET, ...core("net")], node: false }],
  ["runtime-core/client/", { may: [...core("kernel", "protocol"), "loro-crdt"], node: false }],
  ["runtime-core/react/", { may: [...core("kernel", "protocol", "client"), "react"], node: false }],
  [
    "generator/",
    {
      may: [
        ...core("sql", "protocol", "kernel"),
        "scripts/sqlite-driver.js",
        ...["ts-morph", "handlebars", "handlebars/runtime.js", "esbuild", "zod", "chokidar", "diff", "picocolors"],
      ],
      // The shape of the tables is one of the types that contract gives.
      mayTypes: [...core("contract"), "runtime-core/storage/schema/schema.ts"],
      node: true,
    },
  ],
  ["_generated/server/app.ts", { may: ["pylon/", "_generated/server/", "_generated/sql/", "functions/"], node: true }],
  // Row access of sign-in is made here and has the shape that auth asks for.
  [
    "_generated/server/users.ts",
    { may: ["pylon/contract", "_generated/server/"], mayTypes: ["pylon/auth"], node: false },
  ],
  ["_generated/server/", { may: ["pylon/contract", "functions/"], node: false }],
  ["_generated/client.ts", { may: ["pylon/client"], node: false }],
  ["_generated/react.tsx", { may: ["pylon/client", "pylon/react", "_generated/client.ts", "react"], node: false }],
];

/** A feature that the table does not name imports no other feature. */
const FEATURE = /^runtime-core\/features\/[^/]+\//;

function layerOf(path: string): readonly [folder: string, rule: Rule] | null {
  const own = FEATURE.exec(path)?.[0];
  const named = LAYERS.find(([folder]) => isIn(path, folder));
  return named ?? (own === undefined ? null : [own, { may: BELOW_FEATURES, mayTypes: SETTINGS, node: true }]);
}

const isIn = (path: string, place: string): boolean => (place.endsWith("/") ? path.startsWith(place) : path === place);

function isAllowed(imported: Import, [folder, rule]: readonly [string, Rule]): boolean {
  if (isIn(imported.to, folder)) return true;
  if (imported.to.startsWith("node:")) return rule.node;
  const may = imported.isTypeOnly ? [...rule.may, ...(rule.mayTypes ?? [])] : rule.may;
  return may.some((place) => isIn(imported.to, place));
}

/** One line for each import that the table of layers does not allow, and for each file that is in no layer. */
export function forbiddenImports(files: readonly TextFile[]): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    if (layer === null) return [`${file.path} is in no layer`];
    const forbidden = importsOf(file).filter((imported) => !isAllowed(imported, layer));
    return forbidden.map(({ from, to, isTypeOnly }) => `${from} imports ${isTypeOnly ? "the type of " : ""}${to}`);
  });
}
