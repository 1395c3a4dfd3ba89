import type { ApiAnswer } from "../client.ts";
import type { Rows, Version } from "./rows.ts";
import { isSeen } from "./rows.ts";
import type { Shape } from "./shapes.ts";
import type { Viewer } from "./viewers.ts";

/** One cell of the matrix: this caller asks for rows of this shape. */
export interface Cell {
  readonly viewer: Viewer;
  readonly shape: Shape;
  readonly rows: Rows;
}

/** What came back. `wrong` says what is wrong beside the canaries: a count, a header, a status. */
export interface Seen {
  readonly text: string;
  readonly wrong: readonly string[];
}

/** The server's PYLON_QUERY_MAX_LIMIT: few, so that lists come in windows and the header of the cut is tested too. */
export const LIST_ROWS_MAX = 2;

interface List {
  readonly data: readonly { readonly id: string }[];
  readonly count: number;
}

const pathOf = (shape: Shape): string => `/api/entities/${shape.name}`;

const visible = ({ viewer, shape, rows }: Cell): readonly Version[] =>
  rows.of(shape).filter((version) => isSeen(version, viewer, false));

/** Columns that have a rule of their own, or are not sent at all, can be neither sorted by nor searched. */
const isGuarded = ({ fields }: Shape, column: string): boolean =>
  new RegExp(`\\b${column}: [^,]*\\.(readable|serverOnly|encrypted)\\(`).test(fields);

const seen = (answers: readonly ApiAnswer<unknown>[], wrong: readonly string[] = []): Seen => ({
  text: answers.map(({ text }) => text).join("\n"),
  wrong,
});

/** A whole list, window by window. */
async function windows(cell: Cell, query: string): Promise<Seen> {
  const answers: ApiAnswer<List>[] = [];
  const wrong: string[] = [];
  const total = visible(cell).length;
  for (let offset = 0; ; offset += LIST_ROWS_MAX) {
    const answer = await cell.viewer.api.get<List>(`${pathOf(cell.shape)}?offset=${offset}${query}`);
    answers.push(answer);
    // Where the caller alone decides, the list is refused: right for who may see nothing.
    if (answer.status === 403 && total === 0) return seen(answers);
    if (answer.status !== 200) return seen(answers, [`status ${answer.status}`]);
    const { data, count } = answer.json;
    if (count !== data.length) wrong.push(`count ${count} of ${data.length} rows`);
    const isCut = answer.headers.get("X-Pylon-Truncated") === "1";
    if (isCut !== total > offset + LIST_ROWS_MAX) wrong.push(`truncated ${isCut} at ${offset} of ${total}`);
    if (data.length < LIST_ROWS_MAX || offset > 20) return seen(answers, wrong);
  }
}

async function get(cell: Cell): Promise<Seen> {
  const answers = await Promise.all(
    cell.rows.of(cell.shape).map(({ id }) => cell.viewer.api.get(`${pathOf(cell.shape)}/${id}`)),
  );
  return seen(answers);
}

async function sorted(cell: Cell, more: string): Promise<Seen> {
  const [first] = cell.rows.of(cell.shape);
  const all = ["canary", ...Object.keys(first?.values ?? {}), ...Object.keys(first?.secrets ?? {})];
  // The other direction is the same statement but for a word, so one column stands for all.
  const columns = more === "" ? all : all.slice(0, 1);
  const found = await Promise.all(
    columns.map(async (column): Promise<Seen> => {
      if (!isGuarded(cell.shape, column)) return windows(cell, `&sort=${column}${more}`);
      const answer = await cell.viewer.api.get<List>(`${pathOf(cell.shape)}?sort=${column}${more}`);
      // Who may see no row at all gets none before the column is looked at.
      const isRefused = answer.status !== 200 || (answer.json.count === 0 && visible(cell).length === 0);
      return seen([answer], isRefused ? [] : [`sorted by ${column}`]);
    }),
  );
  return { text: found.map(({ text }) => text).join("\n"), wrong: found.flatMap(({ wrong }) => wrong) };
}

/** Looks for every canary there is: those of hidden rows and columns must find nothing, not even a number. */
async function search(cell: Cell): Promise<Seen> {
  const answers: ApiAnswer<List>[] = [];
  const wrong: string[] = [];
  for (const version of cell.rows.of(cell.shape)) {
    const isVisible = isSeen(version, cell.viewer, false);
    for (const [column, word] of [["canary", version.canary], ...Object.entries(version.secrets)]) {
      const answer = await cell.viewer.api.get<List>(`${pathOf(cell.shape)}?q=${word}`);
      answers.push(answer);
      const wanted = isVisible && !isGuarded(cell.shape, column ?? "") ? 1 : 0;
      const found = answer.status === 200 ? answer.json.count : 0;
      if (found !== wanted) wrong.push(`${found} rows for the word in ${column}, not ${wanted}`);
    }
  }
  return seen(answers, wrong);
}

async function pages(cell: Cell): Promise<Seen> {
  type Page = { data: readonly unknown[]; next_cursor: string | null; has_more: boolean };
  const answers: ApiAnswer<Page>[] = [];
  const wrong: string[] = [];
  let after = "";
  for (let left = visible(cell).length; ; left -= 1) {
    const answer = await cell.viewer.api.get<Page>(`${pathOf(cell.shape)}/cursor?limit=1&after=${after}`);
    answers.push(answer);
    if (answer.status === 403 && left === 0) return seen(answers);
    if (answer.status !== 200) return seen(answers, [`status ${answer.status}`]);
    const { has_more: hasMore, next_cursor: next } = answer.json;
    if (hasMore !== left > 1) wrong.push(`has_more ${hasMore} with ${left} left`);
    if (!hasMore || left < -20) return seen(answers, wrong);
    after = next ?? "";
  }
}

/** A change that may not be made is refused alike for a hidden row and for one that was never there. */
async function refusals(cell: Cell): Promise<Seen> {
  const { viewer, shape, rows } = cell;
  if (viewer.isAdmin) return { text: "", wrong: [] };
  const absent = "0".repeat(40);
  const ask = (id: string) =>
    Promise.all([
      viewer.api.get(`${pathOf(shape)}/${id}`),
      viewer.api.patch(`${pathOf(shape)}/${id}`, { canary: 5, nonsense: 1 }),
      viewer.api.patch(`${pathOf(shape)}/${id}`, {}),
      viewer.api.delete(`${pathOf(shape)}/${id}`),
    ]);
  const shown = (answers: readonly ApiAnswer<unknown>[], id: string) =>
    answers.map(({ status, text }) => `${status} ${text.replaceAll(id, "ID")}`).join("\n");
  const wanted = shown(await ask(absent), absent);
  const all: ApiAnswer<unknown>[] = [];
  const wrong: string[] = [];
  for (const version of rows.of(shape).filter((candidate) => !isSeen(candidate, viewer, false))) {
    const answers = await ask(version.id);
    all.push(...answers);
    if (shown(answers, version.id) !== wanted)
      wrong.push(`${shown(answers, version.id)}\nfor an absent row:\n${wanted}`);
  }
  return seen(all, wrong);
}

/** A value that is taken by a hidden row is refused without a word of that row. */
async function taken(cell: Cell): Promise<Seen> {
  const { viewer, shape, rows } = cell;
  if (shape.secrets?.code === undefined || viewer.isAdmin) return { text: "", wrong: [] };
  const answers: ApiAnswer<unknown>[] = [];
  for (const { secrets, values } of rows.of(shape))
    answers.push(await viewer.api.post(pathOf(shape), { ...values, canary: "mine", code: secrets.code ?? "" }));
  return seen(answers);
}

export type ReadPath = (cell: Cell) => Promise<Seen>;

/** Paths that give the rows as they are: all that the caller may see, and nothing else. */
export const ROUTES: Readonly<Record<string, ReadPath>> = {
  get,
  list: (cell) => windows(cell, ""),
  sort: (cell) => sorted(cell, ""),
  "sort down": (cell) => sorted(cell, "&order=desc"),
  search: search,
  page: pages,
};

/** Paths that give nothing of any row. */
export const REFUSALS: Readonly<Record<string, ReadPath>> = {
  "error of a hidden row": refusals,
  "unique violation": taken,
};
