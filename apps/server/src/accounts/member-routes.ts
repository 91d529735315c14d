import { IdParams, Invitation, InvitationAccept, InvitationParams, List, ListQuery, Member, MemberInvite, MemberInvited, MemberPatch, Session } from "@tincan/api";
import Type from "typebox";
import { tellOnCommit } from "../database/live.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { audit } from "./audit.ts";
import { changeRole, findInvitation, inviteMember, listMembers, removeMember } from "./members.ts";
import { createPerson, findPerson, hashPassword, passwordFits, setMembership } from "./people.ts";
import { SECRET_RATE, describeSession, startSession } from "./session-routes.ts";
import type { SessionDeps } from "./session-routes.ts";

const tags = ["Team"];

/** Members and invitations. */
export function memberRoutes(deps: SessionDeps & { publicUrl: string }): RoutePlugin {
  const { db, auth, publicUrl } = deps;
  return async (app) => {
    app.get("/members", { config: { permission: "members.read" }, schema: { tags, summary: "List the people", querystring: ListQuery, response: { 200: List(Member) } } }, async (request) => {
      const { limit = 50, after, q } = request.query;
      const [email] = readCursor(after, ["text"]) ?? [];
      const members = await listMembers(db, request.actor.workspaceId, { limit, after: email, q });
      return pageOf(members, limit, { item: (member) => member, key: (member) => [member.email] });
    });

    app.post(
      "/members",
      {
        config: { permission: "members.write" },
        schema: { tags, summary: "Invite somebody", description: "The answer holds the link to hand over; it is shown once.", body: MemberInvite, response: { 201: MemberInvited } },
      },
      async (request, reply) => {
        const { member, token, expiresAt } = await inviteMember(db, request.actor, request.body);
        return reply.code(201).send({ member, link: `${publicUrl}/join/${token}`, expiresAt: expiresAt.toISOString() });
      },
    );

    app.patch(
      "/members/:id",
      { config: { permission: "members.write" }, schema: { tags, summary: "Change somebody's role", params: IdParams, body: MemberPatch, response: { 200: Member } } },
      async (request) => changeRole(db, request.actor, request.params.id, request.body.role),
    );

    app.delete(
      "/members/:id",
      { config: { permission: "members.write" }, schema: { tags, summary: "Remove somebody", params: IdParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await removeMember(db, request.actor, request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.get(
      "/invitations/:token",
      { config: { access: "public", rateLimit: SECRET_RATE }, schema: { tags, summary: "Read an invitation", description: "Open to whoever has the link.", params: InvitationParams, response: { 200: Invitation } } },
      async (request) => findInvitation(db, request.params.token, { lock: false }),
    );

    app.post(
      "/invitations/:token",
      {
        config: { access: "public", rateLimit: SECRET_RATE },
        schema: { tags, summary: "Accept an invitation", description: "Open to whoever has the link. Somebody who has an account already gives its password.", params: InvitationParams, body: InvitationAccept, response: { 200: Session } },
      },
      async (request, reply) => {
        const { name = "", password } = request.body;
        const { email } = await findInvitation(db, request.params.token, { lock: false });
        const known = await findPerson(db, email);
        if (known && !(await passwordFits(db, auth, known.id, password))) throw new ApiError("wrong_password", { field: "password" });
        if (!known && name.trim() === "") throw new ApiError("invalid_input", { field: "name", expected: "filled in" });
        const passwordHash = known ? null : await hashPassword(auth, password);
        const joined = await db.transaction().execute(async (tx) => {
          const invitation = await findInvitation(tx, request.params.token, { lock: true });
          const person = known ?? (await createPerson(tx, { name: name.trim(), email, passwordHash }));
          await setMembership(tx, invitation.workspaceId, person.id, invitation.role);
          await tx.deleteFrom("invitations").where("workspace_id", "=", invitation.workspaceId).where("id", "=", invitation.id).execute();
          const actor = { workspaceId: invitation.workspaceId, role: invitation.role, userId: person.id, name: person.name };
          await audit(tx, actor, { action: "member.joined", target: { kind: "member", id: person.id, name: email }, detail: { role: invitation.role } });
          await tellOnCommit(tx, invitation.workspaceId, "members");
          return { person, workspaceId: invitation.workspaceId };
        });
        // The password alone does not sign in whoever protects their account with a second factor.
        if (joined.person.two_factor_enabled) return describeSession(deps, null);
        return startSession(deps, request, reply, joined.person.id, joined.workspaceId);
      },
    );
  };
}
