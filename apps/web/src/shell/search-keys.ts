import { spotlight } from "@mantine/spotlight";

/** What a keyboard calls the key held with K. */
export const commandKey = navigator.userAgent.includes("Mac OS") ? "⌘" : "Ctrl";

/** Where nobody is signed in there is nothing to search. */
const doors = /^\/(sign-in|setup|join)(\/|$)/;

/**
 * Ctrl/⌘-K opens the search from the first moment, from inside a text field too: the keys are heard before the rooms are there, and the
 * search opens with them.
 */
export function listenForSearch(): void {
  document.addEventListener("keydown", (event) => {
    const isSearch = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!isSearch || doors.test(location.pathname)) return;
    event.preventDefault();
    spotlight.open();
  });
}
