import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import { toolchainRoot } from "../toolchain.ts";
import { COMPILE_OPTIONS } from "./compile-options.ts";
import { HELPERS } from "./helpers.ts";

/**
 * Templates compiled from `templates/` at first use. Only sources and tests run this module: in the built command line
 * `scripts/build.js` puts the precompiled templates in its place, so that it reads no template and carries no compiler.
 */
let compiled: ReadonlyMap<string, (view: unknown) => string> | null = null;

/** The template `name`: its path below `templates/`, without `.hbs`. Undefined when there is none. */
export function template(name: string): ((view: unknown) => string) | undefined {
  compiled ??= compileAll(join(toolchainRoot, "templates"));
  return compiled.get(name);
}

function compileAll(folder: string): ReadonlyMap<string, (view: unknown) => string> {
  const engine = Handlebars.create();
  engine.registerHelper({ ...HELPERS });
  const all = new Map<string, (view: unknown) => string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((p) => p.endsWith(".hbs"))) {
    const name = path.slice(0, -".hbs".length).replaceAll("\\", "/");
    const text = readFileSync(join(folder, path), "utf8");
    const render = engine.compile<unknown>(text, COMPILE_OPTIONS);
    engine.registerPartial(name, render);
    all.set(name, (view) => render(view));
  }
  return all;
}
