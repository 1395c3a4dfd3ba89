import { app, policy } from "pylon";
import { entities } from "./schema.ts";

export default app({
  name: "bench",
  version: "0.1.0",
  entities,
  policies: [
    policy({ name: "user", entity: "User", allowRead: "auth.userId != null", allowWrite: "auth.userId == data.id" }),
    policy({ name: "item", entity: "Item", allow: "true" }),
    policy({ name: "note", entity: "Note", allow: "auth.userId == data.userId" }),
    policy({
      name: "project",
      entity: "Project",
      allowRead: "auth.userId == data.ownerId || auth.hasRole('auditor')",
      allowWrite: "auth.userId == data.ownerId",
    }),
    policy({
      name: "tag",
      entity: "Tag",
      allowRead: "auth.userId != null",
      allowWrite: "auth.hasAnyRole('editor', 'lead')",
    }),
  ],
});
