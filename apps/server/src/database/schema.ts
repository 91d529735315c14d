/**
 * Every table of the database, by name. Empty here: each feature adds its own tables from its own folder by declaration merging,
 *
 *     declare module "../database/schema.ts" { interface Schema { messages: MessagesTable } }
 *
 * so that a table's columns are described beside the code that owns them.
 */
// eslint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface Schema {}
