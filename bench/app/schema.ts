import { entity, field } from "pylon";

export const User = entity("User", {
  email: field.string().unique(),
  displayName: field.string().optional(),
  createdAt: field.datetime().optional(),
});

/** Anyone may read and write it: what a request costs when no rule is in the way. */
export const Item = entity("Item", {
  title: field.string(),
  body: field.string(),
  done: field.bool(),
  rank: field.int(),
  price: field.float(),
  at: field.datetime(),
});

/** Seen by its owner only: 50 rows of one among 100,000. */
export const Note = entity(
  "Note",
  {
    userId: field.id("User"),
    title: field.string(),
    body: field.string(),
    done: field.bool(),
    at: field.datetime(),
  },
  { indexes: [{ name: "by_user", fields: ["userId"], unique: false }] },
);

export const Project = entity("Project", {
  ownerId: field.id("User"),
  name: field.string(),
  archived: field.bool(),
});

export const Tag = entity("Tag", {
  projectId: field.id("Project"),
  label: field.string(),
  color: field.string().optional(),
});

export const entities = [User, Item, Note, Project, Tag] as const;
