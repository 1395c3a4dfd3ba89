import type { AppIr } from "../ir/app.ts";
import type { OutFile } from "../ir/out-file.ts";
import { emitClient } from "./client/index.ts";
import { emitDocs } from "./docs/index.ts";
import { emitServer } from "./server/index.ts";
import { emitSql, schemaModule } from "./sql/index.ts";

/** Who writes which files of `_generated/`. */
const EMITTERS: readonly ((ir: AppIr) => readonly OutFile[])[] = [
  emitDocs,
  emitSql,
  (ir) => [schemaModule(ir)],
  emitServer,
  emitClient,
];

export const emitAll = (ir: AppIr): readonly OutFile[] => EMITTERS.flatMap((emit) => emit(ir));
