import Type from "typebox";

/** What a person calls a thing. Spaces alone would leave an empty line wherever it is listed. */
export const Name = (longest: number) => Type.String({ minLength: 1, maxLength: longest, pattern: "\\S" });
