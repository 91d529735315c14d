/** A refusal of the control plane: what is wrong, in which member, and what was expected. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly expected: string | undefined;

  constructor(status: number, code: string, message: string, about: { field?: string; expected?: string } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = about.field;
    this.expected = about.expected;
  }
}

export function invalidField(field: string, expected: string): ControlError {
  return new ControlError(400, "invalid_input", `${field} must be ${expected}.`, { field, expected });
}

export function notFound(what: string): ControlError {
  return new ControlError(404, "not_found", `${what} does not exist.`);
}
