import { statement } from "../../database/statement.ts";
import type { Database } from "../../database/connection.ts";

/** So many people are worth entering together; searches look through those who wait one by one, which for so many takes some ms. */
const WORTH_ENTERING = 16_000;

/**
 * Enters an import's people into the search's index (contacts_words). That is half of the work of storing them; so they only join its list of
 * what waits, where searches find them too, and from there are entered through another connection, beside the import (PostgreSQL: GIN
 * indexes, fast update technique).
 */
export class SearchIndex {
  readonly #db: Database;
  #waiting = 0;
  #entering: Promise<void> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** So many more people wait. Never waits itself. */
  add(people: number): void {
    this.#waiting += people;
    if (this.#waiting >= WORTH_ENTERING && !this.#entering) this.#enter();
  }

  /** Answers when all of them are entered; throws what the database said when they cannot be. */
  async done(): Promise<void> {
    await this.#entering;
    if (this.#waiting > 0) this.#enter();
    await this.#entering;
  }

  #enter(): void {
    this.#waiting = 0;
    this.#entering = enterWaiting.run(this.#db).then(() => {
      this.#entering = undefined;
    });
    // Heard by done(); until then nobody else listens.
    this.#entering.catch(() => {});
  }
}

const enterWaiting = statement("import_enter_waiting", "select gin_clean_pending_list('contacts_words')");
