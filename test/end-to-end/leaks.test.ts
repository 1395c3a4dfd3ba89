import { describe, expect, test } from "vitest";
import { HOLES, withHoles } from "../support/leaks/holes.ts";
import { leakMatrix } from "../support/leaks/matrix.ts";
import { leaksApp } from "../support/leaks/shapes.ts";
import { buildApp } from "../support/server.ts";

const APP = { "app.ts": leaksApp() };

describe("leak matrix: rule × path × caller", () => {
  test("nobody gets a row or a value that no rule lets him have, and everyone gets the rest", async () => {
    const { leaks, faults, cells } = await leakMatrix(await buildApp(APP));
    expect({ leaks, faults }).toEqual({ leaks: [], faults: [] });
    expect(cells).toBeGreaterThan(2_500);
  }, 120_000);

  test("every hole that is cut into the generated server is found", async () => {
    const shapes = HOLES.map(({ shape }) => shape);
    const { leaks, faults } = await leakMatrix(await withHoles(await buildApp(APP), HOLES), {
      shapes: [...shapes, "TeamDoc", "SignedIn"],
      roles: ["admin", "anonymous", "owner", "stranger", "member"],
    });
    const found = [...leaks, ...faults];
    const missed = HOLES.filter(
      ({ shape, path }) => !found.some((line) => line.startsWith(`${shape}${path && " × "}${path}`)),
    );
    expect(missed.map(({ what }) => what)).toEqual([]);
    // And nothing is said of what was left whole.
    expect(found.filter((line) => /^(SignedIn|Everyone) /.test(line))).toEqual([]);
  }, 120_000);
});
