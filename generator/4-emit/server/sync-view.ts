import type { AppIr, EntityIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { literal } from "../../text/literal.ts";
import type { SyncView } from "../../text/views.ts";
import { seeTakesApp } from "./entity-view.ts";
import { importOf } from "./names.ts";
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
    visibilityApp: synced.some((entity) => entity.takesApp) ? "app: App" : "",
  };
}

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
