import type { RawManifest } from "../1-load/raw-manifest.ts";
import type { LoadResult } from "../1-load/result.ts";
import { parseFieldType } from "../2-resolve/field-type.ts";
import { chosenRule, OPERATIONS } from "../2-resolve/policies.ts";
import { problemToDiagnostic } from "../2-resolve/problem-to-diagnostic.ts";
import { type WrittenRule, WrittenRules } from "../2-resolve/written-rules.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr } from "../ir/app.ts";
import { type CheckContext, checkPolicy } from "../policy/check.ts";
import type { PolicySchema } from "../policy/schema.ts";

/** What the rules say, against the schema. Rules that could not be read have been reported by resolve. */
export function checkRules(ir: AppIr, manifest: RawManifest, loaded: LoadResult): Diagnostic[] {
  const rules = new WrittenRules(loaded.arrows);
  const schema: PolicySchema = new Map(ir.entities.map((entity) => [entity.name, entity]));
  const badTypes = new Set(
    manifest.entities.filter((e) => e.fields.some((f) => parseFieldType(f.type, null) === null)).map((e) => e.name),
  );
  const found = new Map<string, Diagnostic>();
  const checkOne = ({ key, source, expr }: WrittenRule, of: Omit<CheckContext, "compat">): void => {
    if (expr === null) return;
    for (const problem of checkPolicy(expr, source, schema, { ...of, compat: ir.compat !== "off" })) {
      // A field of unknown type counts as text: a wrong comparison with it follows from that.
      if (problem.code === "POLICY_TYPE" && of.entity !== null && badTypes.has(of.entity)) continue;
      // One rule can decide several operations: its mistakes are told once.
      const place = `${key} ${problem.offset} ${problem.length} ${problem.code}`;
      if (!found.has(place)) found.set(place, problemToDiagnostic(problem, key));
    }
  };
  for (const entity of ir.entities) {
    for (const { rule, operation } of rulesOf(entity, manifest, rules))
      checkOne(rule, { entity: entity.name, operation });
  }
  for (const policy of manifest.policies) {
    const action = manifest.actions.find((a) => a.name === policy.action);
    if (action === undefined || policy.entity !== undefined || !rules.has(policy, "allow")) continue;
    const inputs = action.input.flatMap(({ name, type, optional }) => {
      const parsed = parseFieldType(type, null);
      return parsed === null ? [] : [{ name, type: parsed, optional }];
    });
    checkOne(rules.of(policy, "allow"), { entity: null, operation: "action", inputs });
  }
  return [...found.values()];
}

/** Each rule with the operation that it decides; a sync scope is asked when rows are read. */
function* rulesOf(
  entity: EntityIr,
  manifest: RawManifest,
  rules: WrittenRules,
): Generator<{ rule: WrittenRule; operation: CheckContext["operation"] }> {
  for (const policy of manifest.policies.filter((p) => p.entity === entity.name)) {
    for (const operation of OPERATIONS) {
      const name = chosenRule(policy, operation, rules);
      if (name !== null) yield { rule: rules.of(policy, name), operation };
    }
  }
  const raw = manifest.entities.find((e) => e.name === entity.name);
  for (const field of raw?.fields ?? []) {
    if (field.readable !== undefined)
      yield { rule: rules.read(`readable:${entity.name}.${field.name}`, field.readable), operation: "field" };
  }
  if (raw?.sync_scope !== undefined)
    yield { rule: rules.read(`sync:${entity.name}`, raw.sync_scope), operation: "read" };
}
