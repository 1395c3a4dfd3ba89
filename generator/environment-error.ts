/** The machine is at fault, not the app or the words of the command, which ends with code 3 after saying `message` and `hint`. */
export class EnvironmentError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "EnvironmentError";
    this.hint = hint;
  }
}
