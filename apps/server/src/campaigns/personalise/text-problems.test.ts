import { expect, test } from "vitest";
import { textProblems } from "./text-problems.ts";

const wrong = "{{ profile.name | shout }}";

test("every text that cannot be read is named", () => {
  const problems = textProblems(
    {
      header: { kind: "image", media: { link: wrong } },
      body: [{ text: "fine {{ profile.name }}" }, { text: wrong }],
      buttons: [{ kind: "url", index: 0, suffix: null, target: wrong }, { kind: "quickReply", index: 1, payload: wrong }],
      cards: [{ body: [{ text: "fine" }] }, { body: [{ text: wrong }] }],
    },
    true,
  );
  expect(problems.map(({ path }) => path)).toEqual(["header.media.link", "body[1]", "buttons[0]", "buttons[1]", "cards[1].body[0]"]);
  expect(new Set(problems.map(({ message }) => message))).toEqual(new Set(["Undefined filter: shout."]));
});

test("an event is known to live campaigns alone", () => {
  const values = { body: [{ text: "{{ event.amount }}" }] };
  expect(textProblems(values, true)).toEqual([]);
  expect(textProblems(values, false)).toEqual([{ path: "body[0]", message: "Only a live campaign knows an event." }]);
});
