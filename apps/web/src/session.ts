import type { Permission, Session, SessionUser } from "@tincan/api";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api } from "./api.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => api.session.get(signal),
  staleTime: 60_000,
});

export const setupQuery = queryOptions({ queryKey: ["setup"], queryFn: ({ signal }) => api.setup.get(signal) });

/** The session inside the rooms, where somebody is always signed in (the rooms' route makes sure of it). */
export function useSession(): Session & { user: SessionUser; workspace: { id: string; name: string } } {
  const { data } = useSuspenseQuery(sessionQuery);
  return {
    ...data,
    user: data.user ?? { id: "", name: "", email: "", twoFactorEnabled: false },
    workspace: data.workspace ?? { id: "", name: "" },
  };
}

/** Whether the person looking may do something; rooms hide or disable what they may not. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
