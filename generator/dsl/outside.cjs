// Stands for the packages that app.ts may reach through its functions or types but that do nothing while the schema is read:
// `pylon/functions`, `@pylonsync/react` and so on. CommonJS, because only then may any name be imported from it.
const dsl = require("./index.ts");

const inert = new Proxy(() => inert, {
  // No promise and no primitive: `await` and string conversion of the stand-in must end.
  get: (_, key) => (key === "then" || typeof key === "symbol" ? undefined : inert),
  apply: () => inert,
  construct: () => inert,
});

module.exports = Object.create(
  new Proxy(
    {},
    {
      get: (_, key) => (typeof key === "symbol" || key === "__esModule" ? undefined : (dsl[key] ?? inert)),
      has: () => true,
    },
  ),
);
