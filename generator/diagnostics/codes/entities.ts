import type { CodeEntry } from "./entry.ts";

/** Entities: their names, and who may touch them. */
export const entityCodes = {
  ENTITY_NAME_EMPTY: {
    severity: "error",
    title: "an entity has no name",
    text: "The name is the table, the path in the API and the type in the client.",
    advice: "give the entity a name",
    bad: `entity("", { title: field.string() })`,
    good: `entity("Todo", { title: field.string() })`,
  },
  ENTITY_NAME_INVALID: {
    severity: "error",
    title: "an entity name is not an identifier",
    text: "The name becomes a type in TypeScript and a part of URLs, so it holds letters, digits and `_` and starts with a letter.",
    advice: "use letters and digits: OrderLine",
    bad: `entity("order line", { … })`,
    good: `entity("OrderLine", { … })`,
  },
  ENTITY_NAME_RESERVED: {
    severity: "error",
    title: "an entity name belongs to the framework",
    text: "Names that start with `_` or `sqlite_` are tables of the framework or the database.",
    advice: "choose a name that does not start with `_` or `sqlite_`",
    bad: `entity("_pylon_jobs", { … })`,
    good: `entity("Job", { … })`,
  },
  ENTITY_DUPLICATE: {
    severity: "error",
    title: "two entities have the same name",
    text: "One table can only have one declaration.",
    advice: "rename one of them, or list it once",
    bad: `entities: [Todo, Todo]`,
    good: `entities: [Todo]`,
  },
  ENTITY_NAME_CLASH: {
    severity: "error",
    title: "two entity names differ only in case",
    text: "SQLite and many file systems do not tell `Todo` from `todo`: both would be one table and one generated file.",
    advice: "choose names that differ in more than case",
    bad: `entities: [entity("Todo", …), entity("todo", …)]`,
    good: `entities: [entity("Todo", …), entity("TodoList", …)]`,
  },
  ENTITY_RENAME_CONFLICT: {
    severity: "error",
    title: "an entity is renamed from one that still exists",
    text: "`renamedFrom` moves the old table to the new name, which cannot be done while another entity still uses it, or twice.",
    advice: "remove the old entity, or drop renamedFrom",
    bad: `entities: [Task, entity("Todo", { … }, { renamedFrom: "Task" })]`,
    good: `entities: [entity("Todo", { … }, { renamedFrom: "Task" })]`,
  },
  ENTITY_UNCOVERED: {
    severity: "warning",
    title: "no policy speaks of this entity",
    text: "What no policy allows is denied: only admins can read or write its rows.",
    advice: 'add a policy for it, even if it is `allow: "false"`',
    bad: `entities: [Todo], policies: []`,
    good: `policies: [policy({ name: "todo", entity: "Todo", allow: "auth.userId == data.userId" })]`,
  },
  OPERATION_UNCOVERED: {
    severity: "warning",
    title: "an operation of this entity has no rule",
    text: "Its policies cover some operations and leave this one out, so only admins can do it.",
    advice: 'add the rule, or write "false" to show that it is meant',
    bad: `policy({ name: "todo", entity: "Todo", allowRead: "true" })`,
    good: `policy({ name: "todo", entity: "Todo", allowRead: "true", allowWrite: "auth.hasRole('editor')" })`,
  },
} as const satisfies Record<string, CodeEntry>;
