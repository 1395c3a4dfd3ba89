/** How many of something are open, in all and by address. */
export class InFlight {
  readonly #totalMax: number;
  readonly #perAddressMax: number;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(totalMax: number, perAddressMax: number) {
    this.#totalMax = totalMax;
    this.#perAddressMax = perAddressMax;
  }

  get total(): number {
    return this.#total;
  }

  /** False: no room. True must be followed by one `leave`. */
  enter(address: string): boolean {
    const own = this.#byAddress.get(address) ?? 0;
    if (this.#total >= this.#totalMax || own >= this.#perAddressMax) return false;
    this.#total += 1;
    this.#byAddress.set(address, own + 1);
    return true;
  }

  leave(address: string): void {
    this.#total -= 1;
    const own = (this.#byAddress.get(address) ?? 1) - 1;
    if (own === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, own);
  }
}
