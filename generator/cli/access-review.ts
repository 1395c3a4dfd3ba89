import type { AppIr, EntityIr, Operation, RuleIr } from "../ir/app.ts";

export interface AccessChange {
  /** `changed`: the rules differ, and neither is known to follow from the other. */
  readonly change: "widened" | "narrowed" | "changed";
  /** `Todo.read`. */
  readonly subject: string;
  /** The rules, for people. */
  readonly before: string;
  readonly after: string;
}

const OPERATIONS: readonly Operation[] = ["read", "insert", "update", "delete"];

/** Who may do more or less than by the committed manifest, in the order of app.ts. A new entity has no client that could lose or win. */
export function reviewAccess(before: AppIr, after: AppIr): readonly AccessChange[] {
  return after.entities.flatMap((entity) => {
    const old = before.entities.find((candidate) => candidate.name === entity.name);
    return old === undefined ? [] : OPERATIONS.flatMap((operation) => reviewRule(old, entity, operation));
  });
}

function reviewRule(old: EntityIr, now: EntityIr, operation: Operation): AccessChange[] {
  const [before, after] = [old.rules[operation], now.rules[operation]];
  if (before?.source === after?.source) return [];
  return [{ change: "changed", subject: `${now.name}.${operation}`, before: words(before), after: words(after) }];
}

const words = (rule: RuleIr | null): string => rule?.source ?? "no rule";
