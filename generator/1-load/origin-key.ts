/**
 * Keys of origins, taken apart: `<kind>:<owner>[.<member>][@<n>][#<path>]`. `@2` is the second thing of that name; `#fields.1` goes on
 * inside the literal (`index:Post.by_owner#fields.1`, `relation:Post.author#target`, `field:Post.title#crdt`).
 */
import { POLICY_OPERATIONS } from "./raw-manifest.ts";

export interface OriginKey {
  readonly kind: string;
  /** Entity, policy, route path, query, action or file. */
  readonly owner: string;
  /** Field, index, relation, or the rule of a policy. */
  readonly member: string | null;
  /** 1 for the first. */
  readonly occurrence: number;
  readonly path: readonly string[];
}

const PARTS = /^(?<kind>\w+)(?::(?<rest>.*?))?(?:@(?<n>\d+))?(?:#(?<path>[\w.]+))?$/s;
const MEMBER_KINDS = new Set(["field", "index", "relation", "readable"]);
const RULE = new RegExp(`^(?<owner>.*)\\.(?<rule>${POLICY_OPERATIONS.join("|")})$`, "s");

export const parseKey = (key: string): OriginKey => {
  const { kind = "", rest = "", n, path } = PARTS.exec(key)?.groups ?? {};
  const shared = { kind, occurrence: Number(n ?? 1), path: path?.split(".") ?? [] };
  const rule = kind === "policy" ? RULE.exec(rest)?.groups : undefined;
  if (rule !== undefined) return { ...shared, owner: rule.owner ?? "", member: rule.rule ?? null };
  const dot = MEMBER_KINDS.has(kind) ? rest.indexOf(".") : -1;
  return dot < 0
    ? { ...shared, owner: rest, member: null }
    : { ...shared, owner: rest.slice(0, dot), member: rest.slice(dot + 1) };
};

/** The key under which the builder that made it left its position. */
export const builderKey = ({ kind, owner, member, occurrence }: OriginKey): string => {
  const nth = occurrence > 1 ? `@${occurrence}` : "";
  switch (kind) {
    case "field":
    case "readable":
      return `field:${owner}.${member}${nth}`;
    case "index":
    case "relation":
    case "search":
    case "sync":
      // The occurrence counts within the entity.
      return `entity:${owner}`;
    case "app":
    case "auth":
      return kind;
    default:
      return `${kind}:${owner}${nth}`;
  }
};
