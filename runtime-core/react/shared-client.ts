/** One client for the whole page: made by `init`, or with its defaults by the first use. */
export interface SharedClient<C, Options> {
  /** Must come before the first use; a second call is an error, since hooks already hold the first client. */
  init(options: Options): C;
  current(): C;
}

export function sharedClient<C, Options>(create: (options?: Options) => C): SharedClient<C, Options> {
  let client: C | null = null;
  return {
    init(options) {
      if (client !== null) throw new Error("init() must be called once, before the first hook or call of db");
      client = create(options);
      return client;
    },
    current() {
      client ??= create();
      return client;
    },
  };
}
