import { createHash } from "node:crypto";
import type { AppIr, EntityIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { literal } from "../../text/literal.ts";
import { byCodeUnit } from "../../text/order.ts";
import type { SyncView } from "../../text/views.ts";
import { seeTakesApp } from "./entity-view.ts";
import { importOf } from "./names.ts";
import { projection } from "./projection.ts";
import { entitiesAsked } from "./rules.ts";

/** `server/sync.ts`: what the feed's readers ask of each entity. */
export function syncView(ir: AppIr, schema: PolicySchema): Omit<SyncView, "imports"> {
  const synced = ir.entities
    .filter((entity) => entity.sync.kind !== "none")
    .map((entity) => {
      const entry = importOf(entity);
      const takesApp = seeTakesApp(entity, ir, schema);
      return { ...entry, takesApp, see: `${entry.module}.see(${takesApp ? "app, " : ""}auth, row)` };
    });
  const affected = affectedEntities(ir);
  return {
    from: "app.ts",
    entities: ir.entities.map(importOf),
    synced,
    names: literal(synced.map((entity) => entity.name)),
    affected: affected.map(([name, by]) => ({ name, by: literal(by) })),
    affectedParameter: affected.length > 0 ? "entity" : "",
    shape: feedShape(ir),
    visibilityApp: synced.some((entity) => entity.takesApp) ? "app: App" : "",
  };
}

const SHAPE_DIGITS = 16;

/** Changes when a feed row gets or loses a column, or a column begins or ceases to be sent or sealed. */
function feedShape(ir: AppIr): string {
  const shapes = ir.entities
    .filter((entity) => entity.sync.kind !== "none")
    .map((entity) => {
      const { fed, synced } = projection(entity);
      const columns = fed.map(
        (field) => [field.name, field.type.kind, field.encrypted, synced.includes(field)] as const,
      );
      return [entity.name, [...columns].sort(byName)] as const;
    })
    .sort(byName);
  return createHash("sha256").update(JSON.stringify(shapes)).digest("hex").slice(0, SHAPE_DIGITS);
}

type Named = readonly [string, ...unknown[]];
const byName = ([a]: Named, [b]: Named): number => byCodeUnit(a, b);

/** Entities that read rules of others look into by `exists`, with those others. */
function affectedEntities(ir: AppIr): readonly (readonly [string, readonly string[]])[] {
  const asked = new Map<string, string[]>();
  for (const entity of ir.entities.filter((candidate) => candidate.sync.kind !== "none"))
    for (const other of askedBy(entity)) asked.set(other, [...(asked.get(other) ?? []), entity.name]);
  return ir.entities.flatMap(({ name }) => {
    const by = asked.get(name);
    return by === undefined ? [] : [[name, by] as const];
  });
}

/** What read rules look for elsewhere: the entity's own and that of its replication scope. */
function askedBy(entity: EntityIr): ReadonlySet<string> {
  const rules = [entity.rules.read, entity.sync.kind === "scope" ? entity.sync.rule : null];
  return new Set(rules.flatMap((rule) => (rule === null ? [] : entitiesAsked(rule.expr))));
}
