import type { RuntimeCodeName } from "../diagnostics/codes/runtime.ts";
import { driver } from "./sqlite-beside.ts";

const { platform, arch } = process;

const CODE: RuntimeCodeName = "NODE_MISMATCH";

/** Where the bundle runs. It names no exact Node, so that each Node with the same driver makes the same files. */
export const BUILT_FOR = `${driver.runsOn} on ${platform} ${arch}`;

/**
 * What `server.js` begins with. Bundled CommonJS packages expect `require`, `__filename` and `__dirname`. An addon on another Node or
 * platform ends with a loader's message or a segmentation fault, so the program says it first. The names are long since the minifier
 * does not know them.
 */
export const BANNER: string = [
  'import{createRequire as pylonCreateRequire}from"node:module";',
  'import{fileURLToPath as pylonFileURLToPath}from"node:url";',
  'import{dirname as pylonDirname}from"node:path";',
  "const require=pylonCreateRequire(import.meta.url),__filename=pylonFileURLToPath(import.meta.url),",
  "__dirname=pylonDirname(__filename);",
  `if(${driver.unfit}||process.platform!==${JSON.stringify(platform)}||process.arch!==${JSON.stringify(arch)}){`,
  `console.error(${JSON.stringify(`${CODE}: This server was built for ${BUILT_FOR}, and this is Node `)}+process.versions.node`,
  '+" on "+process.platform+" "+process.arch+".\\n',
  'Run `pylon codegen` with this Node and start it again, or start it with the Node that it was built for.");',
  "process.exit(3)}",
].join("");
