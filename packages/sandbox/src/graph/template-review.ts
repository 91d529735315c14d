/**
 * What happens to a template on Meta's side.
 *
 *   PENDING ─► APPROVED ⇄ PAUSED (3 hours, then 6 hours, then DISABLED for good)
 *      │           └─► edited: PENDING again, unless the behaviour keeps it sendable
 *      └─────► REJECTED (by decision, or because another template says the same)
 *
 * Every change is told by webhook (Meta: webhooks/message_template_status_update and its neighbours).
 */
import { arrayOf, objectOf, textOf, type JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import type { StoredTemplate } from "./template-store.ts";

const day = 86_400_000;

/** Sends a new or edited template to review; the verdict comes after the behaviour's delay, or by decision only. */
export function review(world: World, template: StoredTemplate): void {
  const { reviewMs } = world.behaviour.templates;
  if (reviewMs === null) return;
  const sent = template.updatedAt;
  world.clock.after(reviewMs, () => {
    if (template.updatedAt !== sent || template.status !== "PENDING") return;
    if (saysTheSame(world, template)) setStatus(world, template, "REJECTED", { reason: "TAG_CONTENT_MISMATCH" });
    else setStatus(world, template, "APPROVED");
  });
}

export function setStatus(world: World, template: StoredTemplate, status: string, told: { reason?: string; event?: string; title?: string; disableDate?: number; rejection?: JsonObject } = {}): void {
  template.status = status;
  template.rejectedReason = status === "REJECTED" ? (told.reason ?? "INVALID_FORMAT") : "NONE";
  world.live.changed("templates");
  world.notify({
    field: "message_template_status_update",
    time: world.clock.seconds(),
    value: {
      event: told.event ?? status,
      ...named(template),
      reason: template.rejectedReason,
      message_template_category: template.category,
      ...(told.title !== undefined && { other_info: { title: told.title, description: told.title } }),
      ...(told.disableDate !== undefined && { disable_info: { disable_date: told.disableDate } }),
      ...(told.rejection !== undefined && { rejection_info: told.rejection }),
    },
  });
}

/** Pauses: the first for 3 hours, the second for 6, the third disables. Each ends by itself. */
export function pause(world: World, template: StoredTemplate): void {
  const durations = world.behaviour.templates.pauseMs;
  const duration = durations[template.pauses];
  const title = ["FIRST_PAUSE", "SECOND_PAUSE"][template.pauses] ?? "DISABLED";
  template.pauses++;
  if (duration === undefined) {
    setStatus(world, template, "DISABLED", { title, disableDate: world.clock.seconds() });
    return;
  }
  setStatus(world, template, "PAUSED", { title });
  const pauses = template.pauses;
  world.clock.after(duration, () => {
    if (template.status === "PAUSED" && template.pauses === pauses) unpause(world, template);
  });
}

export function unpause(world: World, template: StoredTemplate): void {
  setStatus(world, template, "APPROVED", { event: "APPROVED", title: "UNPAUSE" });
}

export function setQuality(world: World, template: StoredTemplate, score: string): void {
  const previous = template.quality.score;
  template.quality = { score, at: world.clock.now() };
  world.live.changed("templates");
  world.notify({
    field: "message_template_quality_update",
    time: world.clock.seconds(),
    value: { previous_quality_score: previous, new_quality_score: score, ...named(template) },
  });
  if (score === "RED" && template.status === "APPROVED") pause(world, template);
}

/** Meta corrects a category with a day's notice: told at once, done a day later. */
export function correctCategory(world: World, template: StoredTemplate, category: StoredTemplate["category"]): void {
  template.correctCategory = category;
  const at = world.clock.seconds() + day / 1000;
  const tell = (value: JsonObject) => world.notify({ field: "template_category_update", time: world.clock.seconds(), value: { ...named(template), ...value } });
  tell({ new_category: template.category, correct_category: category, category_update_timestamp: at });
  world.clock.after(day, () => {
    if (template.correctCategory !== category) return;
    template.previousCategory = template.category;
    template.category = category;
    template.correctCategory = undefined;
    template.ttlSeconds = undefined;
    world.live.changed("templates");
    tell({ previous_category: template.previousCategory, new_category: category });
  });
}

/** Begins or ends a quality assessment. Held sends go out when it ends well, fail with 132015 when it does not. */
export function hold(world: World, template: StoredTemplate, verdict: "begin" | "good" | "bad"): void {
  template.held = verdict === "begin";
  world.live.changed("templates");
  if (verdict === "begin") {
    // Meta lets no message wait much longer than an hour.
    world.clock.after(3_600_000, () => {
      if (template.held) hold(world, template, "good");
    });
    return;
  }
  const waiting = world.held.get(template.id) ?? [];
  world.held.delete(template.id);
  if (verdict === "bad") setStatus(world, template, "PAUSED", { title: "FIRST_PAUSE" });
  for (const send of waiting) (verdict === "good" ? send.release : send.drop)();
}

/** Ids are numbers in webhooks, text everywhere else. */
function named(template: StoredTemplate): JsonObject {
  return { message_template_id: Number(template.id), message_template_name: template.name, message_template_language: template.language };
}

function saysTheSame(world: World, template: StoredTemplate): boolean {
  if (template.category === "AUTHENTICATION") return false;
  const words = wordsOf(template);
  return world.templates.all().some((other) => other.id !== template.id && other.name !== template.name && other.status === "APPROVED" && wordsOf(other) === words);
}

function wordsOf({ components }: StoredTemplate): string {
  const text = (type: string) => textOf(objectOf(arrayOf(components).find((each) => textOf(objectOf(each)["type"]).toUpperCase() === type))["text"]);
  return `${text("BODY")}\n${text("FOOTER")}`;
}
