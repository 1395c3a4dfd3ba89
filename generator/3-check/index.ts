import type { LoadResult } from "../1-load/result.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr } from "../ir/app.ts";
import { checkApp } from "./app.ts";
import { checkAuth } from "./auth.ts";
import { checkCalls } from "./calls.ts";
import { checkClientWrites } from "./client-writes.ts";
import { checkEncryption } from "./encryption.ts";
import { checkEntities } from "./entities.ts";
import { checkFields } from "./fields.ts";
import { checkIndexes } from "./indexes.ts";
import { checkNames } from "./names.ts";
import { checkPolicies } from "./policies.ts";
import { checkReadIndexes } from "./read-indexes.ts";
import { checkRelations } from "./relations.ts";
import { checkRoutes } from "./routes.ts";
import { checkRules } from "./rules.ts";
import { checkSearch } from "./search.ts";
import { checkSqlLengths } from "./sql-lengths.ts";
import { checkTexts } from "./texts.ts";

/** Everything that is wrong with the app or could be meant otherwise. Only reads; order does not matter, the report sorts. */
export function check(ir: AppIr, loaded: LoadResult): Diagnostic[] {
  const { manifest } = loaded;
  if (manifest === null) return [];
  return [
    ...checkApp(manifest),
    ...checkNames(ir),
    ...checkTexts(ir, manifest),
    ...checkSqlLengths(ir),
    ...checkFields(ir, manifest),
    ...checkEncryption(ir),
    ...checkClientWrites(ir),
    ...checkIndexes(ir),
    ...checkRelations(ir),
    ...checkSearch(ir, manifest),
    ...checkAuth(ir),
    ...checkCalls(manifest),
    ...checkRoutes(manifest),
    ...checkPolicies(manifest, loaded),
    ...checkRules(ir, manifest, loaded),
    ...checkEntities(ir),
    ...checkReadIndexes(ir),
  ];
}
