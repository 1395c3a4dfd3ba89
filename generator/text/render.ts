import { template } from "./templates.ts";
import type { Views } from "./views.ts";

/**
 * The text of template `name` for `view`. A name that the view lacks throws (strict mode), and the type asks for all of them, because
 * Handlebars itself is silent about a missing `{{#if}}` or `{{#each}}`.
 */
export function render<K extends keyof Views>(name: K, view: Views[K]): string {
  const print = template(name);
  if (print === undefined) throw new Error(`no template templates/${name}.hbs`);
  return print(view);
}
