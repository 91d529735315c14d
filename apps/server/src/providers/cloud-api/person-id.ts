/** The ledger's name for a person: E.164 with "+", or the business-scoped user id when the number is not shared. */
export function personId(id: string): string {
  return /^\d+$/.test(id) ? `+${id}` : id;
}
