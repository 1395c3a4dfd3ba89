import { parseArgs } from "node:util";
import { SERVERS } from "./servers.js";
import { WORKS } from "./works.js";

export const USAGE = `npm run bench -- [--pairs N] [--only WORK] [--servers floor,ours,rival] [--rows N] [--quick]

  --pairs N       interleaved rounds (5)
  --only WORK     works whose name holds WORK: ${Object.keys(WORKS).join(", ")}, memory, start
  --servers LIST  leave servers out, to look at one alone
  --rows N        rows of the large table (100,000)
  --quick         2 rounds, 5,000 rows, short samples: shows that it runs, not how fast
REAL_PYLON names the command that runs the real server: REAL_PYLON APPDIR PORT.`;

/** @returns {{ pairs: number, rows: number, sampleMs: number, servers: string[], wants: (name: string) => boolean }} */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      pairs: { type: "string" },
      only: { type: "string", default: "" },
      servers: { type: "string", default: SERVERS.join(",") },
      rows: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const { quick, only } = values;
  return {
    pairs: Number(values.pairs ?? (quick ? 2 : 5)),
    rows: Number(values.rows ?? (quick ? 5_000 : 100_000)),
    sampleMs: quick ? 300 : 1_500,
    servers: SERVERS.filter((name) => values.servers.split(",").includes(name)),
    wants: (name) => name.includes(only),
  };
}
