import { POLICY_OPERATIONS, type RawManifest, type RawPolicy } from "../1-load/raw-manifest.ts";
import type { LoadResult } from "../1-load/result.ts";
import { nthKey } from "../2-resolve/names.ts";
import { WrittenRules } from "../2-resolve/written-rules.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { diagnose, listed, repeats } from "./diagnose.ts";

/** Where policies apply; what they say is checked in rules.ts. */
export function checkPolicies(manifest: RawManifest, loaded: LoadResult): Diagnostic[] {
  const rules = new WrittenRules(loaded.arrows);
  return [
    ...manifest.policies.flatMap((policy) => checkPolicyTarget(policy, manifest, rules)),
    ...repeats(
      manifest.policies.filter((policy) => policy.name !== ""),
      (policy) => policy.name,
    ).map(({ item, nth }) =>
      diagnose("POLICY_DUPLICATE", `two policies are called \`${item.name}\``, nthKey(`policy:${item.name}`, nth), {
        label: "again here",
        related: [{ at: { key: `policy:${item.name}` }, message: "first here" }],
      }),
    ),
  ];
}

function checkPolicyTarget(policy: RawPolicy, manifest: RawManifest, rules: WrittenRules): Diagnostic[] {
  const { name, entity, action } = policy;
  const at = `policy:${name}`;
  const found: Diagnostic[] = [];
  if (name === "") found.push(diagnose("POLICY_NAME_EMPTY", "a policy has an empty name", at));
  if (entity === undefined && action === undefined)
    found.push(diagnose("POLICY_NO_TARGET", `the policy \`${name}\` names neither an entity nor an action`, at));
  if (entity !== undefined) {
    const names = manifest.entities.map((e) => e.name);
    if (!names.includes(entity))
      found.push(
        diagnose(
          "POLICY_ENTITY_NOT_FOUND",
          `the policy \`${name}\` is for \`${entity}\`, which is not an entity of the app`,
          `${at}#entity`,
          { label: "no such entity", hint: didYouMean(entity, names) },
        ),
      );
  }
  if (action !== undefined) {
    const names = manifest.actions.map((a) => a.name);
    if (!names.includes(action))
      found.push(
        diagnose(
          "POLICY_ACTION_NOT_FOUND",
          `the policy \`${name}\` is for \`${action}\`, which is not an action of the app`,
          `${at}#action`,
          { label: "no such action", hint: didYouMean(action, names) },
        ),
      );
  }
  return [...found, ...checkOperations(policy, rules, at)];
}

function checkOperations(policy: RawPolicy, rules: WrittenRules, at: string): Diagnostic[] {
  const written = POLICY_OPERATIONS.filter((operation) => rules.has(policy, operation));
  if (written.length === 0) return [diagnose("POLICY_ALLOW_EMPTY", `the policy \`${policy.name}\` has no rule`, at)];
  if (policy.action === undefined || policy.entity !== undefined) return [];
  const unused = written.filter((operation) => operation !== "allow");
  if (unused.length === 0) return [];
  const message = `the policy \`${policy.name}\` is for an action, which never asks ${listed(unused)}`;
  return [diagnose("POLICY_RULE_UNUSED", message, at)];
}
