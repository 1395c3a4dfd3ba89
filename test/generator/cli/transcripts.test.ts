import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { printTranscript, runCli } from "../../support/cli.ts";
import { expectGolden } from "../../support/golden.ts";

const folder = fileURLToPath(new URL("../../../fixtures/cli/", import.meta.url));

/** Commands that need no app, word for word. Each is recorded as text and with `--json`. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  help: ["--help"],
  nothing: [],
  "help-codegen": ["codegen", "--help"],
  "unknown-verb": ["codgen"],
  "unknown-option": ["codegen", "--chek"],
  "extra-argument": ["explain", "A", "B"],
  "no-app": ["codegen", "nowhere"],
  "check-only-option": ["codegen", "--stat"],
  "wrong-compat": ["check", ".", "--compat", "0.4"],
  "wrong-port": ["dev", "--port", "99999"],
  "explain-compile": ["explain", "policy_syntax"],
  "explain-runtime": ["explain", "POLICY_DENIED"],
  "explain-unknown": ["explain", "POLICY_SYNTX"],
  "policy-no-verb": ["policy"],
  "policy-allow": ["policy", "test", "auth.userId == data.ownerId", "--auth", "userId=u1", "--row", '{"ownerId":"u1"}'],
  "policy-deny": ["policy", "test", "auth.userId == data.ownerId", "--row", '{"ownerId":"u1"}'],
  "policy-syntax": ["policy", "test", "auth.userId = data.ownerId"],
  "policy-minus": ["policy", "test", "--", "-1 == input.n"],
  "policy-input": ["policy", "test", "input.n > 1", "--input", '{"n":2}'],
  "policy-bad-row": ["policy", "test", "true", "--row", "{"],
  "policy-bad-auth": ["policy", "test", "true", "--auth", "user=1"],
  "policy-cases": ["policy", "test", "--cases", "cases/two.json"],
  "policy-cases-shape": ["policy", "test", "--cases", "cases/shape.json"],
  "start-without-dist": ["start"],
};

for (const [name, words] of Object.entries(CASES))
  for (const [suffix, all] of [
    ["txt", words],
    ["json.txt", words.includes("--") ? ["policy", "test", "--json", ...words.slice(2)] : [...words, "--json"]],
  ] as const)
    test(`${name}.${suffix}`, async () => {
      const transcript = await runCli(all, folder);
      expectGolden(printTranscript(["pylon", ...all].join(" "), transcript), `${folder}${name}.${suffix}`);
      const last = transcript.out.at(-1) ?? "";
      if (suffix === "json.txt" && last.startsWith("{"))
        expect(JSON.parse(last)).toHaveProperty("code", expect.stringMatching(/_(OK|FAILED)$/));
    });

test("no transcript is left without a case", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  const owned = Object.keys(CASES).flatMap((name) => [`${name}.txt`, `${name}.json.txt`]);
  expect(names.sort()).toEqual(owned.sort());
});

test("--version", async () => {
  expect(await runCli(["--version"], folder)).toEqual({
    code: 0,
    out: [expect.stringMatching(/^\d+\.\d+\.\d+$/)],
    err: [],
  });
});
