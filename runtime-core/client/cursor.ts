/** Numbers past the prefix that are remembered; beyond, the next pull has to close the gap. */
const AHEAD_MAX = 10_000;

/**
 * How far the feed is known without a gap (B-ORDER). A socket shows only what its caller may read, and some servers send out of order,
 * so a number from the socket moves the cursor only when it is the next one; a pull moves it anywhere.
 */
export class Cursor {
  /** Names the feed that the number belongs to; "" until a server has told. */
  epoch = "";
  #seq = 0;
  readonly #ahead = new Set<number>();

  get seq(): number {
    return this.#seq;
  }

  /** Numbers that arrived past a gap. */
  get ahead(): number {
    return this.#ahead.size;
  }

  arrived(seq: number): void {
    if (this.#ahead.size < AHEAD_MAX && seq > this.#seq) this.#ahead.add(seq);
    while (this.#ahead.delete(this.#seq + 1)) this.#seq += 1;
  }

  pulled(seq: number): void {
    if (seq > this.#seq) this.reset(seq, [...this.#ahead]);
  }

  reset(seq: number, ahead: readonly number[] = []): void {
    this.#seq = seq;
    this.#ahead.clear();
    for (const later of ahead) this.arrived(later);
  }
}
