import { useQueryClient } from "@tanstack/react-query";
import type { ApiFailure, ContactListUpload } from "@tincan/api";
import { useRef, useState } from "react";
import { asFailure } from "../../../change.ts";
import type { ChosenFile } from "./PeopleFile.tsx";
import { uploadToList } from "./upload-list.ts";

/** A file on its way to a list. `send` answers null when it failed or was stopped; what went wrong is `failure` then. */
export function useUpload() {
  const client = useQueryClient();
  const [fraction, setFraction] = useState<number | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const stop = useRef<AbortController>(null);

  const send = async (listId: string, chosen: ChosenFile, mode: "add" | "replace"): Promise<ContactListUpload | null> => {
    const control = new AbortController();
    stop.current = control;
    setFailure(null);
    setFraction(0);
    try {
      return await uploadToList(listId, chosen, mode, setFraction, control.signal);
    } catch (error) {
      if (!control.signal.aborted) setFailure(asFailure(error));
      return null;
    } finally {
      setFraction(null);
      for (const topic of ["segments", "contacts"]) void client.invalidateQueries({ queryKey: [topic] });
    }
  };
  return { send, fraction, failure, cancel: () => stop.current?.abort() };
}
