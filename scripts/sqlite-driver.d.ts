export interface SqliteDriver {
  /** The folder from which `better-sqlite3` resolves to this driver. */
  readonly home: string;
  /** The module that `better-sqlite3` stands for. */
  readonly entry: string;
  /** Where the addon for this platform lies, or would lie once it is compiled. */
  readonly addon: () => string;
  /** For people: the Nodes that this driver runs on. */
  readonly runsOn: string;
  /** A JavaScript expression that is true on a Node where it does not. */
  readonly unfit: string;
}

/** `root` is the folder of the package. */
export function sqliteDriver(
  root: string,
  versions?: { readonly node: string; readonly modules: string },
): SqliteDriver;
