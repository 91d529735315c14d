import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { ApiFailure, type Campaign } from "@tincan/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../../api.ts";
import { asFailure } from "../../../change.ts";
import { changedSince, type Draft, savable } from "./draft.ts";

/** A pause in typing, after which what changed is saved. */
const pauseMs = 600;

/**
 * A draft that saves itself: a moment after the last change, before a step is left and before the page is. Saves follow each other, so
 * that an older one never comes last.
 */
export function useDraft(campaign: Campaign) {
  const client = useQueryClient();
  const { id } = campaign;
  const [draft, setDraft] = useState<Draft>(campaign.definition);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [saving, setSaving] = useState(false);
  const latest = useRef(draft);
  const saved = useRef(savable(campaign.definition));
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const isDirty = useCallback(() => Object.keys(changedSince(saved.current, savable(latest.current))).length > 0, []);

  /** Whether everything that is whole is on the server now. */
  const flush = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current);
    const save = async (): Promise<boolean> => {
      const patch = changedSince(saved.current, savable(latest.current));
      if (Object.keys(patch).length === 0) return true;
      setSaving(true);
      try {
        const answer = await api.campaigns.update(id, patch);
        saved.current = { ...saved.current, ...patch };
        client.setQueryData(["campaigns", "one", id], answer);
        setFailure(null);
        return true;
      } catch (error) {
        setFailure(asFailure(error));
        return false;
      } finally {
        setSaving(false);
      }
    };
    const done = queue.current.then(save);
    queue.current = done;
    return done;
  }, [client, id]);

  const change = useCallback(
    (part: Draft) => {
      latest.current = { ...latest.current, ...part };
      setDraft(latest.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), pauseMs);
    },
    [flush],
  );

  // Another page of the dashboard is opened once everything is saved; a closing window asks.
  useBlocker({ shouldBlockFn: async () => isDirty() && !(await flush()), enableBeforeUnload: isDirty });
  useEffect(() => () => clearTimeout(timer.current), []);

  return { draft, change, flush, saving, failure };
}
