/** The figures of a run as a Markdown table. Ratios are medians over the pairs; what one pair says alone means little. */
import { median } from "./median.js";
import { MEMORY_TARGETS, START_TARGETS, WORKS } from "./works.js";

/** A ratio within 10 % of its target counts as met. */
const SLACK = 1.1;

const round = (value) => {
  if (!Number.isFinite(value)) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(2)));
};

/** Median over the pairs of one figure / another, with its target. */
function ratio(pairs, above, below, target) {
  const ratios = pairs.map((pair) => above(pair) / below(pair)).filter(Number.isFinite);
  if (ratios.length === 0) return { text: "-", met: null };
  const value = median(ratios);
  const range = ratios.length > 1 ? `, ${round(Math.min(...ratios))} to ${round(Math.max(...ratios))}` : "";
  return { text: `${round(value)} (≤ ${target}${range})`, met: value <= target * SLACK };
}

const all = (pairs, pick) => round(median(pairs.map(pick).filter(Number.isFinite)));
const three = (pairs, pick) =>
  ["floor", "ours", "rival"].map((name) => all(pairs, (pair) => pick(pair[name]))).join(" / ");

function verdict(ratios) {
  const known = ratios.filter(({ met }) => met !== null);
  if (known.length === 0) return "-";
  return known.every(({ met }) => met) ? "yes" : "no";
}

const row = (cells) => `| ${cells.join(" | ")} |`;

function workRow({ work, differs, pairs }) {
  if (differs !== null) return row([work, `answers differ: ${differs.replaceAll("|", "\\|")}`, "", "", "", "", "no"]);
  const { cpuFloor, cpuRival, p50, p50Of } = WORKS[work].targets;
  const ratios = [
    ratio(
      pairs,
      ({ ours }) => ours?.cpuUs,
      ({ floor }) => floor?.cpuUs,
      cpuFloor,
    ),
    ratio(
      pairs,
      ({ ours }) => ours?.cpuUs,
      ({ rival }) => rival?.cpuUs,
      cpuRival,
    ),
    ratio(
      pairs,
      ({ ours }) => ours?.p50Us,
      (pair) => pair[p50Of]?.p50Us,
      p50,
    ),
  ];
  return row([
    work,
    ...ratios.map(({ text }) => text),
    three(pairs, (server) => server?.cpuUs),
    ["bare", "durableFloor", "floor", "ours"].map((name) => all(pairs, (pair) => pair[name]?.p50Us)).join(" / "),
    three(pairs, (server) => server?.opsPerSecond),
    verdict(ratios),
  ]);
}

function wholeRow(title, pairs, pick, targets, unit) {
  const ratios = ["floor", "rival"].map((other) =>
    ratio(
      pairs,
      ({ ours }) => pick(ours),
      (pair) => pick(pair[other]),
      targets[other],
    ),
  );
  return row([title, ...ratios.map(({ text }) => text), "", `${three(pairs, pick)} ${unit}`, "", "", verdict(ratios)]);
}

export function report({ works, memory, starts, rows }) {
  const lines = [
    row([
      "work",
      "CPU to the floor",
      "CPU to the real server",
      "p50, one connection",
      "CPU µs/op: floor / ours / real",
      "p50 µs: bare statement / floor in FULL / floor / ours",
      "ops/s at 16: floor / ours / real",
      "met",
    ]),
    row(Array(8).fill("---")),
    ...works.map(workRow),
  ];
  if (memory.ours !== undefined)
    lines.push(
      wholeRow(`memory after ${rows.toLocaleString("en")} inserts`, [memory], (mb) => mb, MEMORY_TARGETS, "MB"),
    );
  if (starts.length > 0)
    lines.push(wholeRow("start to first answer", starts, (server) => server?.startMs, START_TARGETS, "ms"));
  return `${lines.join("\n")}\n`;
}
