import type { PolicyOperation, RawManifest, RawPolicy } from "../1-load/raw-manifest.ts";
import type { EntityIr, Operation } from "../ir/app.ts";
import { andRules, type WrittenRules } from "./written-rules.ts";

export const OPERATIONS: readonly Operation[] = ["read", "insert", "update", "delete"];

/** The first of these that a policy has decides the operation (dsl 2.5). */
export const RULE_CHOICE: Readonly<Record<Operation, readonly PolicyOperation[]>> = {
  read: ["allowRead", "allow"],
  insert: ["allowInsert", "allowWrite", "allow"],
  update: ["allowUpdate", "allowWrite", "allow"],
  delete: ["allowDelete", "allowWrite", "allow"],
};

export const chosenRule = (policy: RawPolicy, operation: Operation, rules: WrittenRules): PolicyOperation | null =>
  RULE_CHOICE[operation].find((name) => rules.has(policy, name)) ?? null;

export function resolveRules(entity: string, manifest: RawManifest, rules: WrittenRules): EntityIr["rules"] {
  const policies = manifest.policies.filter((policy) => policy.entity === entity);
  const of = (operation: Operation) => {
    const deciding = policies.flatMap((policy) => {
      const name = chosenRule(policy, operation, rules);
      return name === null ? [] : [{ policy: policy.name, rule: rules.of(policy, name) }];
    });
    return andRules(
      deciding.map((d) => d.rule),
      deciding.map((d) => d.policy),
    );
  };
  return { read: of("read"), insert: of("insert"), update: of("update"), delete: of("delete") };
}
