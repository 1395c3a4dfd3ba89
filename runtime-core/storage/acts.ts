type Act = () => void;

/** A place in the acts of a unit: where a nested part begins. */
export interface Mark {
  readonly commit: number;
  readonly rollback: number;
}

const START: Mark = { commit: 0, rollback: 0 };

/** What a unit of work registered for after its end. Every adapter keeps it so, and says when. */
export class UnitActs {
  readonly #commit: Act[] = [];
  readonly #rollback: Act[] = [];

  afterCommit(act: Act): void {
    this.#commit.push(act);
  }

  afterRollback(act: Act): void {
    this.#rollback.push(act);
  }

  mark(): Mark {
    return { commit: this.#commit.length, rollback: this.#rollback.length };
  }

  committed(): void {
    for (const act of this.#commit) guarded(act);
  }

  /** What was written since `to` is undone: its acts are dropped, and those for a rollback run, last first, as one takes back what one did. */
  rolledBack(to: Mark = START): void {
    this.#commit.length = to.commit;
    for (const act of this.#rollback.splice(to.rollback).reverse()) guarded(act);
  }
}

/** An act must not throw. If one does, it is reported as uncaught, but the answers of other units leave all the same. */
function guarded(act: Act): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
