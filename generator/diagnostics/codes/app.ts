import type { CodeEntry } from "./entry.ts";

/** The app file as a whole: finding it, running it, and what it returns. */
export const appCodes = {
  SCHEMA_EVAL_FAILED: {
    severity: "error",
    title: "app.ts could not be run",
    text: "The schema is had by running app.ts. It did not compile, threw, or was still running after five seconds.",
    advice: "run only declarations at the top level of app.ts; keep network and timers in functions",
    bad: `const config = JSON.parse(process.env.CONFIG);   // not set: throws`,
    good: `const config = JSON.parse(process.env.CONFIG ?? "{}");`,
  },
  MANIFEST_READ_FAILED: {
    severity: "error",
    title: "there is no app.ts to read",
    text: "The command looks for app.ts in the folder it is given, or for the file itself.",
    advice: "run it in the folder of app.ts, or name it: pylon codegen path/to/app.ts",
    bad: `pylon codegen wrong-folder`,
    good: `pylon codegen my-app`,
  },
  MANIFEST_PARSE_ERROR: {
    severity: "error",
    title: "app.ts did not give a manifest",
    text: "app.ts has a default export made by buildManifest(…) or manifest(…), or prints exactly one JSON manifest. Anything else cannot be compiled.",
    advice: "export the manifest as default and print nothing else to stdout",
    bad: `console.log("starting");\nconsole.log(JSON.stringify(manifest));`,
    good: `export default manifest;`,
  },
  MANIFEST_VERSION_UNSUPPORTED: {
    severity: "error",
    title: "unknown manifest version",
    text: "The only manifest version is 1. Another number means that the file was written for another toolchain.",
    advice: "set manifest_version to 1, or let buildManifest(…) write it",
    bad: `console.log(JSON.stringify({ manifest_version: 2, … }));`,
    good: `export default buildManifest({ name: "app", version: "0.1.0", entities: [Todo] });`,
  },
  UNKNOWN_KEY: {
    severity: "error",
    title: "a key or an argument that nothing reads",
    text: "app.ts is run without a type check, and what nothing reads does nothing: a misspelt `allowRead` leaves reading to another rule, or to none.",
    advice: "put the name right, or take it out",
    bad: `policy({ entity: "Todo", allow: "auth.userId != null", allowRaed: "auth.userId == data.userId" })`,
    good: `policy({ entity: "Todo", allow: "auth.userId != null", allowRead: "auth.userId == data.userId" })`,
  },
  SCHEMA_EMPTY: {
    severity: "error",
    title: "the app declares nothing",
    text: "Without an entity, route, query or action there is nothing to serve. Often an entity is declared but not listed in the manifest.",
    advice: "list at least one entity in the manifest",
    bad: `export default buildManifest({ name: "app", version: "0.1.0", entities: [] });`,
    good: `export default buildManifest({ name: "app", version: "0.1.0", entities: [Todo] });`,
  },
  BUNDLE_FAILED: {
    severity: "error",
    title: "the app's own code does not bundle",
    text: "Functions and the page in web/ are bundled into dist/. One of them has a syntax error or imports something that is not there.",
    advice: "put the import right, or install the package beside app.ts",
    bad: `import { Button } from "./buttn.tsx";   // web/main.tsx; the file is button.tsx`,
    good: `import { Button } from "./button.tsx";`,
  },
  NOT_SERVED_YET: {
    severity: "warning",
    title: "the app uses parts that are accepted but not served yet",
    text: "They stay in the manifest and their columns are stored, but nothing answers for them at run time.",
    advice: "leave them in; they do no harm and start to work with a later version",
    bad: `const Doc = entity("Doc", { body: field.richtext() });   // CRDT text: stored, not merged`,
    good: `const Doc = entity("Doc", { body: field.string() });`,
  },
} as const satisfies Record<string, CodeEntry>;
