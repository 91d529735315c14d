import { metaError, type MetaErrorInfo } from "@tincan/whatsapp";

/** Thrown anywhere below a Graph call; the router answers it in Meta's envelope. */
export class GraphError extends Error {
  readonly info: MetaErrorInfo;

  constructor(code: number, options: Parameters<typeof metaError>[1] = {}) {
    const info = metaError(code, options);
    super(info.message);
    this.info = info;
  }
}

/** A required member of the body is not there: code 100, named as Meta names it. */
export function missing(parameter: string): GraphError {
  return new GraphError(100, { message: `(#100) The parameter ${parameter} is required.` });
}

/** A member has a value that is not allowed: 131009. */
export function notValid(details: string): GraphError {
  return new GraphError(131009, { details });
}

/** A nested member that its type needs is not there: 131008. */
export function lacking(details: string): GraphError {
  return new GraphError(131008, { details });
}

/** The node is unknown, or the token may not see it. */
export function unknownObject(id: string, method: string): GraphError {
  return new GraphError(100, {
    subcode: 33,
    type: "GraphMethodException",
    message:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, ` +
      "or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
  });
}
