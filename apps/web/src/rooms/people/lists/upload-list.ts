import type { ContactListUpload, ContactListUploadQuery } from "@tincan/api";
import { sendFile } from "../imports/upload.ts";
import type { ChosenFile } from "./PeopleFile.tsx";

/** Sends a file of people to a list and says how much of it is on its way, from 0 to 1. It is answered when the file is there; its rows are read afterwards. */
export function uploadToList(listId: string, chosen: ChosenFile, mode: "add" | "replace", onProgress: (fraction: number) => void, signal: AbortSignal): Promise<ContactListUpload> {
  const { file, head, column, by, country, createMissing } = chosen;
  const query: ContactListUploadQuery = { by, mode, ...(column > 0 ? { column: head.names[column] } : {}), ...(by === "phone" && country ? { country } : {}), ...(createMissing && by !== "id" ? { createMissing } : {}) };
  const written = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return sendFile<ContactListUpload>(`/api/v1/lists/${encodeURIComponent(listId)}/upload?${written}`, file, onProgress, signal);
}
