/** What each template needs, by its name (the path below `templates/` without `.hbs`). An emitter that adds a template adds its line here. */
export interface Views {
  "partials/header": HeaderView;
  "client/client": ClientView;
  "client/react": ReactView;
}

export interface HeaderView {
  /** The file that the declarations stand in, for people: `app.ts`. */
  readonly from: string;
}

export interface ClientView extends HeaderView {
  readonly appName: string;
  /** Import block, and the local names in it. */
  readonly imports: string;
  readonly openClient: string;
  readonly options: string;
  readonly base: string;
  readonly names: { readonly client: string; readonly db: string };
  readonly enums: readonly { readonly text: string }[];
  readonly entities: readonly ClientEntityView[];
}

export interface ClientEntityView {
  readonly name: string;
  /** `name` as a key of an object. */
  readonly key: string;
  readonly types: { readonly [K in "row" | "insert" | "patch" | "where" | "order"]: string };
  /** Name of the constant that holds what the client knows of the entity. */
  readonly binding: string;
  /** Rows are in the replica, so there are lists and filters; otherwise there are only requests. */
  readonly synced: boolean;
  readonly row: readonly ClientMember[];
  readonly insert: readonly ClientMember[];
  readonly patch: readonly ClientMember[];
  readonly where: readonly ClientMember[];
  readonly order: readonly ClientMember[];
  /** Array of the names of datetime fields. */
  readonly datetimes: string;
  /** Of the function that makes a new row to show. */
  readonly parameters: string;
  readonly newRow: readonly { readonly text: string }[];
  /** Type of `binding`, and of the member of `db`. */
  readonly def: string;
  readonly handle: string;
  /** Expression that makes the member of `db`. */
  readonly made: string;
}

/** `title?: string`, without the semicolon. */
export interface ClientMember {
  readonly text: string;
  readonly comment: string;
}

export interface ReactView extends HeaderView {
  readonly imports: string;
  readonly entities: readonly ReactEntityView[];
}

export interface ReactEntityView {
  readonly key: string;
  readonly synced: boolean;
  /** `client.current().db.Todo`, and the call that makes hooks of it. */
  readonly handle: string;
  readonly hooks: string;
}
