/** What each template needs, by its name (the path below `templates/` without `.hbs`). An emitter that adds a template adds its line here. */
export interface Views {
  "partials/header": HeaderView;
  "client/client": ClientView;
  "client/react": ReactView;
  "server/entity": EntityView;
  "server/routes": RoutesView;
  "server/sync": SyncView;
  "server/users": UsersView;
  "server/app": AppView;
  "sql/ddl": DdlView;
  "sql/schema": SchemaView;
  "docs/access": AccessPageView;
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

/** One module a entity: `server/<entity>.ts` without its header and imports. Texts are code unless said otherwise. */
export interface EntityView {
  readonly name: string;
  readonly table: string;
  readonly row: string;
  readonly columns: string;
  readonly members: readonly string[];
  readonly stored: readonly string[];
  readonly storedKeys: string;
  readonly checkers: readonly string[];
  readonly constants: readonly string[];
  readonly sorts: readonly string[];
  readonly rows: string;
  readonly pageRows: string;
  readonly one: string;
  readonly snapshotRow: string;
  /** Answers are text that the database builds. */
  readonly isText: boolean;
  readonly isSynced: boolean;
  /** Sign-up makes rows of this entity. */
  readonly isUser: boolean;
  readonly hasUpdate: boolean;
  readonly scopes: readonly { readonly constant: string; readonly where: string }[];
  readonly functions: readonly string[];
  readonly readScopeCall: string;
  readonly refusesList: boolean;
  readonly wordColumns: string;
  readonly readList: string;
  readonly readPage: string;
  /** The function that prints a row for the caller, and how it is passed on; "" where the database prints. */
  readonly show: string;
  readonly shower: string;
  readonly connection: string;
  readonly shownRow: string;
  /** Conditions; "" where everybody passes. */
  readonly insertRule: string;
  readonly updateRule: string;
  readonly handedRule: string;
  readonly deleteRule: string;
  readonly updatesNext: boolean;
  /** "" where everyone may read. */
  readonly hiddenTest: string;
  readonly readable: string;
  readonly updateRefusal: string;
  readonly deleteRefusal: string;
  readonly saveCall: string;
  readonly saveNextCall: string;
  readonly idColumn: string;
  readonly feedRow: string;
  readonly feedNext: string;
  readonly loadStored: string;
  /** Field, or "". */
  readonly tenant: string;
  readonly seeAsync: string;
  readonly seeParameters: string;
  readonly seeResult: string;
  readonly seeBody: readonly string[];
  readonly group: string;
  readonly groupAuth: string;
  readonly syncScopeCall: string;
  /** Rows of the entity in a snapshot; 0: all. */
  readonly syncLimit: number;
  readonly syncedRow: string;
}

export interface EntityImport {
  readonly name: string;
  readonly module: string;
  readonly file: string;
}

export interface RoutesView extends HeaderView {
  readonly entities: readonly EntityImport[];
}

export interface SyncView extends HeaderView {
  readonly imports: string;
  readonly entities: readonly EntityImport[];
  readonly synced: readonly (EntityImport & { readonly see: string })[];
  readonly affected: readonly { readonly name: string; readonly by: string }[];
  readonly affectedParameter: string;
  readonly visibilityApp: string;
  readonly names: string;
}

export interface UsersView extends HeaderView, EntityImport {
  readonly imports: string;
  readonly hasPasswordColumn: boolean;
  readonly findSql: string;
  readonly selfSql: string;
  /** "" when the app has no OrgMember. */
  readonly memberSql: string;
  readonly members: readonly string[];
}

export interface AppView extends HeaderView {
  readonly name: string;
  readonly version: string;
  readonly cookieName: string;
  readonly trustedOrigins: string;
  readonly sessionSeconds: number;
  readonly hasUsers: boolean;
  readonly hasPage: boolean;
  readonly hasEncrypted: boolean;
  readonly isCompat: boolean;
  readonly compat: string;
  readonly compatFlag: string;
  readonly cipher: string;
  readonly usersValue: string;
  readonly passwordsValue: string;
  readonly visibilityArgument: string;
  readonly servers: string;
}

export interface DdlView extends HeaderView {
  /** Statements that come first; "" for none. */
  readonly functions: string;
  readonly tables: readonly {
    readonly name: string;
    readonly createSql: string;
    readonly indexes: readonly { readonly origin: string; readonly createSql: string }[];
  }[];
}

export interface SchemaView extends HeaderView {
  /** Expression. */
  readonly schema: string;
}

/** access.md. Texts are Markdown; cells have their `|` escaped. */
export interface AccessPageView extends HeaderView {
  readonly appName: string;
  readonly notes: readonly string[];
  /** `Todo.insert` of each operation without a rule. */
  readonly uncovered: readonly string[];
  readonly uncoveredMeans: string;
  readonly overview: readonly { readonly cells: readonly string[] }[];
  readonly entities: readonly AccessEntityView[];
}

export interface AccessEntityView {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[] }[];
  /** Who and by which rule, then what else decides: stamped columns, fields that stay on the server, sync. */
  readonly items: readonly string[];
}
