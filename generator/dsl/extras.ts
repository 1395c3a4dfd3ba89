/** Builders whose data is only carried in the manifest: each gives its definition back. */
export type Definition = Readonly<Record<string, unknown>>;

type Named<D> = D & { readonly name: string };

export interface Plugin {
  readonly name: string;
  readonly [key: string]: unknown;
}

export const definePlugin = <const P extends Plugin>(plugin: P): P => plugin;

export const cron = <const D extends Definition>(def: D): D => def;

export const font = <const D extends Definition>(def: D): D => def;

export const llm = <const D extends Definition>(def: D): D => def;

export const defineConnection = <const D extends Named<Definition>>(def: D): D => def;

/** `requireEnv("STRIPE_KEY")` or `requireEnv("STRIPE_KEY", { description: "…" })`. */
export const requireEnv = <const D extends Definition>(variable: string | Named<D>, more?: D): Named<Definition> =>
  typeof variable === "string" ? { name: variable, ...more } : variable;
