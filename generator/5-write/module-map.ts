import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolchainHash, toolchainRoot } from "../toolchain.ts";

/**
 * What the package names in apps and generated code stand for: files of this package, so that an app needs no `node_modules`. The
 * bundler, the runner of app.ts and `.pylon/tsconfig.json` all read this one table. The original's packages are there as far as we have
 * something that answers to them.
 */
export const MODULE_MAP: Readonly<Record<string, string>> = {
  pylon: "generator/dsl/index.ts",
  "pylon/contract": "runtime-core/contract/index.ts",
  "pylon/server": "runtime-core/net/index.ts",
  "pylon/sqlite": "runtime-core/storage/sqlite/index.ts",
  "pylon/auth": "runtime-core/features/auth/index.ts",
  "pylon/compat": "runtime-core/features/compat/index.ts",
  "pylon/encryption": "runtime-core/features/encryption/index.ts",
  "pylon/meta": "runtime-core/features/meta/index.ts",
  "pylon/client": "runtime-core/client/index.ts",
  "pylon/react": "runtime-core/react/index.ts",
  "@pylonsync/sdk": "generator/dsl/index.ts",
  "@pylonsync/sync": "runtime-core/client/index.ts",
  "@pylonsync/react": "runtime-core/react/index.ts",
};

/** The absolute file behind `name`, or null when it is no name of ours. */
export function moduleFile(name: string): string | null {
  const file = Object.hasOwn(MODULE_MAP, name) ? MODULE_MAP[name] : undefined;
  return file === undefined ? null : join(toolchainRoot, file);
}

/** As `moduleFile`, but what the build has bundled already where the built command line runs: far fewer files to link. */
export function linkedFile(name: string): string | null {
  const bundled = join(toolchainRoot, "build/runtime", `${name.replace(/^pylon\//, "")}.js`);
  return toolchainHash !== null && name.startsWith("pylon/") && existsSync(bundled) ? bundled : moduleFile(name);
}
