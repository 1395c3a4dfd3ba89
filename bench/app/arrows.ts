/** The app of app.ts with its rules as arrow functions; only `codegen` is timed on it. */
import { app, policy } from "pylon";
import { entities, Item, Note, Project, Tag, User } from "./schema.ts";

export default app({
  name: "bench",
  version: "0.1.0",
  entities,
  policies: [
    policy({
      name: "user",
      entity: User,
      allowRead: ({ auth }) => auth.userId !== null,
      allowWrite: ({ auth, data }) => auth.userId === data.id,
    }),
    policy({ name: "item", entity: Item, allow: () => true }),
    policy({ name: "note", entity: Note, allow: ({ auth, data }) => auth.userId === data.userId }),
    policy({
      name: "project",
      entity: Project,
      allowRead: ({ auth, data }) => auth.userId === data.ownerId || auth.hasRole("auditor"),
      allowWrite: ({ auth, data }) => auth.userId === data.ownerId,
    }),
    policy({
      name: "tag",
      entity: Tag,
      allowRead: ({ auth }) => auth.userId !== null,
      allowWrite: ({ auth }) => auth.hasAnyRole("editor", "lead"),
    }),
  ],
});
