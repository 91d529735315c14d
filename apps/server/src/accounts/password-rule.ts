/** Characters that a password has at least. */
export const SHORTEST_PASSWORD = 10;
