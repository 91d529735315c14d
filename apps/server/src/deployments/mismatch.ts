/**
 * Thrown while a request is compared with its template, and caught by the one who asked for the comparison. Not an Error: a
 * refused request is ordinary traffic, and collecting a stack for each would cost more than the comparison.
 */
export class Mismatch {
  /** A sentence without its full stop that says what differs: "body has 1 value, the template needs 2". */
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
