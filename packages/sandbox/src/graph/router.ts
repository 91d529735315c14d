/**
 * Finds what a Graph call is about. Order, as Meta's: version → token → node and scope → everything else.
 * Node ids are plain numbers of one namespace, so the node decides what an edge means.
 */
import { objectOf, textOf } from "../json.ts";
import type { World } from "../world/world.ts";
import { authenticate, hasScope, needManagement } from "./access.ts";
import { type GraphAnswer, type GraphCall } from "./call.ts";
import { applyRule } from "./error-rules.ts";
import { GraphError, unknownObject } from "./graph-error.ts";
import { mediaNode, uploadMedia } from "./media.ts";
import { sendMessage } from "./messages.ts";
import { blockUsers, numberNode, phoneNumbers, registerNumber } from "./numbers.ts";
import { accountNode, appSubscriptions, subscribedApps } from "./subscriptions.ts";
import { templateLibrary } from "./template-library.ts";
import { templateNode, templatesEdge } from "./templates.ts";
import { debugToken, exchangeCode } from "./tokens.ts";
import { continueUpload, openUpload } from "./uploads.ts";

const oldest = 21;
const newest = 26;

/** What the HTTP layer hands over; the router adds version, node, edge and token. */
export type RawCall = Omit<GraphCall, "version" | "node" | "edge" | "token"> & { path: string };

/** The version that answers: an expired one is answered by the oldest alive, none by the newest. */
export function versionOf(path: string): { version: string; rest: string[] } {
  const segments = path.split("/").filter((segment) => segment !== "").map(decodeURIComponent);
  const major = /^v(\d+)\.\d+$/.exec(segments[0] ?? "")?.[1];
  if (major === undefined) return { version: `v${newest}.0`, rest: segments };
  if (Number(major) > newest) throw unknownPath(path);
  return { version: `v${Math.max(oldest, Number(major))}.0`, rest: segments.slice(1) };
}

function unknownPath(path: string): GraphError {
  return new GraphError(2500, { message: `Unknown path components: ${path}`, httpStatus: 400 });
}

export async function answerCall(raw: RawCall): Promise<GraphAnswer> {
  const { world, path, query } = raw;
  const { version, rest } = versionOf(path);
  const [node = "", edge = ""] = rest;
  if (node === "oauth" && edge === "access_token") return exchangeCode(world, raw);
  const token = authenticate(world, raw.headers["authorization"], { ...query, ...objectOf(raw.body) });
  if (query["date_format"] !== undefined) throw new GraphError(100, { message: "(#100) The parameter date_format is no longer supported." });
  if (query["ids"] !== undefined) throw new GraphError(100, { message: "(#100) The parameter ids is no longer supported." });
  if (rest.length === 0 || rest.length > 2) throw unknownPath(path);
  const call: GraphCall = { ...raw, version, node, edge, token };
  return dispatch(call);
}

async function dispatch(call: GraphCall): Promise<GraphAnswer> {
  const { world, node, edge } = call;
  if (node === "debug_token" && edge === "") return debugToken(call);
  if (node === "message_template_library" && edge === "") return ruled(world, "templates", () => templateLibrary(call));
  if (node.startsWith("upload:")) return continueUpload(call);
  if (node === world.account.appId) return appCall(call);
  if (node === world.account.wabaId) return accountCall(call);
  const number = world.account.numbers.get(node);
  if (number) return numberCall(call, number);
  const template = world.templates.byId(node);
  if (template) return ruled(world, "templates", () => templateNode(call, template));
  const media = edge === "" ? world.media.find(node, world.clock.now()) : undefined;
  if (media && hasScope(world, call.token, "whatsapp_business_messaging")) return ruled(world, "media", () => mediaNode(call, media));
  throw unknownObject(node, call.method);
}

function appCall(call: GraphCall): GraphAnswer | Promise<GraphAnswer> {
  const { account } = call.world;
  if (call.edge === "subscriptions") return appSubscriptions(call);
  if (call.edge === "uploads" && call.method === "POST") return openUpload(call);
  if (call.edge === "" && call.method === "GET") return { body: { id: account.appId, name: account.appName } };
  throw unknownObject(call.node, call.method);
}

function accountCall(call: GraphCall): GraphAnswer | Promise<GraphAnswer> {
  switch (call.edge) {
    case "":
      return ruled(call.world, "other", () => accountNode(call));
    case "message_templates":
      return ruled(call.world, "templates", () => templatesEdge(call));
    case "phone_numbers":
      return ruled(call.world, "other", () => phoneNumbers(call));
    case "subscribed_apps":
      return ruled(call.world, "other", () => subscribedApps(call));
    default:
      needManagement(call.world, call.token);
      throw unknownObject(call.node, call.method);
  }
}

function numberCall(call: GraphCall, number: NonNullable<ReturnType<World["account"]["numbers"]["get"]>>): GraphAnswer | Promise<GraphAnswer> {
  const { world, edge, method } = call;
  const messaging = hasScope(world, call.token, "whatsapp_business_messaging");
  if (method === "POST" && messaging && (edge === "messages" || edge === "marketing_messages")) return sendMessage(call, number, edge === "marketing_messages");
  if (method === "POST" && messaging && edge === "media") return ruled(world, "media", () => uploadMedia(call));
  if (messaging && edge === "block_users") return ruled(world, "other", () => blockUsers(call, number));
  if (edge === "") return ruled(world, "other", () => numberNode(call, number));
  if (method === "POST" && (edge === "register" || edge === "deregister")) return ruled(world, "other", () => registerNumber(call, number, edge === "register"));
  throw unknownObject(textOf(call.node), method);
}

async function ruled(world: World, on: "media" | "templates" | "other", answer: () => GraphAnswer | Promise<GraphAnswer>): Promise<GraphAnswer> {
  const fault = applyRule(world, { on });
  if (fault && !(fault.kind === "hang" && !fault.thenCut)) return { body: {}, fault };
  return { ...(await answer()), ...(fault && { fault }) };
}
