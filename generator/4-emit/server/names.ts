import type { EntityIr } from "../../ir/app.ts";
import { ident } from "../../text/ident.ts";

/** `Todo` → `TodoRow`, `TodoColumns`. */
export const rowType = (entity: EntityIr): string => `${ident(entity.name)}Row`;
export const columnsType = (entity: EntityIr): string => `${ident(entity.name)}Columns`;

/** The binding under which another generated file imports the entity's module: `import * as todo from "./todo.ts"`. */
export const moduleName = (entity: EntityIr): string => ident(entity.file);

/** Names on `Object.prototype`: reading them from a parsed body finds a function where nothing was sent. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));
export const isInherited = (name: string): boolean => INHERITED.has(name);

/** Statement constants: `own` → `OWN`, `scope1` → `SCOPE_1`. */
export const constantName = (scope: string): string => scope.replace(/(\d+)$/, "_$1").toUpperCase();

/** How other generated modules import the entity's. */
export const importOf = (entity: EntityIr) => ({ name: entity.name, module: moduleName(entity), file: entity.file });
