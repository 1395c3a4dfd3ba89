import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { parseAuthText } from "../policy/auth-text.ts";
import { testCases, testOne } from "../policy/cases.ts";
import { UsageError } from "./args.ts";
import type { Command, Context } from "./command.ts";
import type { ExitCode } from "./io.ts";

const EXAMPLE = "pylon policy test 'auth.userId == data.ownerId' --auth userId=u1";

export const policy: Command = {
  options: {
    auth: { type: "string" },
    row: { type: "string" },
    input: { type: "string" },
    cases: { type: "string" },
  },
  positionalsMax: 2,
  help: `pylon policy test EXPRESSION [--auth k=v,…] [--row JSON] [--input JSON]
pylon policy test --cases FILE

  answers allow (exit 0) or deny (exit 1) for a rule of the bare language: no schema, unknown names are null
  an expression that begins with - comes after --

  --auth LIST      userId, tenantId, isAdmin, isGuest, roles: userId=u1,roles=editor|billing
  --row JSON       what data.* reads
  --input JSON     what input.* reads
  --cases FILE     a JSON table {"cases":[{"id","expr","auth","record","input","expected"}]}`,
  async run(context) {
    const [verb, expression] = context.args.positionals;
    if (verb !== "test")
      throw new UsageError(verb === undefined ? "policy needs `test`" : `no command \`policy ${verb}\``, EXAMPLE);
    const file = context.args.text("cases");
    if (file === undefined) return testExpression(context, expression);
    if (expression !== undefined) throw new UsageError("give an expression or --cases, not both");
    return testTable(context, file);
  },
};

function testExpression({ args, io, print }: Context, expression: string | undefined): ExitCode {
  if (expression === undefined) throw new UsageError("no expression", EXAMPLE);
  const caller = parseAuthText(args.text("auth") ?? "");
  if (!caller.ok) throw new UsageError(caller.message);
  const row = readJson("--row", args.text("row"));
  const { result, reason } = testOne(expression, caller.auth, row, readJson("--input", args.text("input")), io.now());
  print.result(reason === undefined ? result : `${result}: ${reason}`);
  print.finish("POLICY_TEST", result === "allow", {
    auth: caller.auth,
    expr: expression,
    result,
    ...(reason === undefined ? {} : { reason }),
    row,
  });
  return result === "allow" ? 0 : 1;
}

function testTable({ args, io, print }: Context, file: string): ExitCode {
  for (const name of ["auth", "row", "input"])
    if (args.text(name) !== undefined)
      throw new UsageError(`--${name} does not go with --cases: each case has its own`);
  const results = readTable(resolve(io.cwd, file), file, io.now());
  for (const { id, expr, expected, actual, passed } of results) {
    print.record({ id, expr, expected, actual, passed });
    if (!passed) print.result(`✗ ${id}: ${actual}, expected ${expected}\n    ${expr}`);
  }
  const failed = results.filter((r) => !r.passed).length;
  const passed = results.length - failed;
  print.result(`${passed} passed, ${failed} failed`);
  print.finish("POLICY_TEST", failed === 0, { passed, failed });
  return failed === 0 ? 0 : 1;
}

function readTable(place: string, shown: string, now: number) {
  try {
    return testCases(readFileSync(place, "utf8"), now);
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new UsageError(`${shown} is no table of cases: ${why}`);
  }
}

function readJson(option: string, text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option} is not JSON: ${text}`);
  }
}
