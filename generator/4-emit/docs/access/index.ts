import type { AppIr } from "../../../ir/app.ts";
import type { OutFile } from "../../../ir/out-file.ts";
import type { PolicySchema } from "../../../policy/schema.ts";
import { byCodeUnit } from "../../../text/order.ts";
import { render } from "../../../text/render.ts";
import { accessEntityView, OPERATIONS, overviewCells } from "./entity-view.ts";
import { words } from "./markdown.ts";

/** `_generated/access.md`: who may do what. Sorted by name, so that only a change of rights changes the page. */
export function accessPage(ir: AppIr): OutFile {
  const schema: PolicySchema = new Map(ir.entities.map((entity) => [entity.name, entity]));
  const entities = [...ir.entities].sort((a, b) => byCodeUnit(a.name, b.name));
  const uncovered = entities.flatMap((entity) =>
    OPERATIONS.filter((operation) => entity.rules[operation] === null).map(
      (operation) => `${entity.name}.${operation}`,
    ),
  );
  const text = render("docs/access", {
    from: "app.ts",
    appName: words(ir.name),
    notes: NOTES,
    uncovered,
    uncoveredMeans: ir.compat === "0.3" ? "open to anyone (compatibility mode 0.3)" : "denied to all but admins",
    overview: entities.map((entity) => ({ cells: overviewCells(entity, ir, schema) })),
    entities: entities.map((entity) => accessEntityView(entity, ir, schema)),
  });
  return { path: "_generated/access.md", text };
}

const NOTES = [
  "An admin (the admin token) passes every rule.",
  "A read rule holds on every way out: get, list, pull, socket and stream. A row that may not be read is not there.",
  "An insert is judged by the row as it would be stored.",
  "An update is judged by the stored row, and again with the new values of the fields that its rule compares with the caller, so a row cannot be handed away. A rule that names `next` judges both rows itself.",
];
