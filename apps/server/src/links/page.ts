/** The pages somebody sees whose link leads nowhere. They need nothing else from this server and say nothing about who runs it. */

const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 26rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0; }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;

export const pages = {
  unknown: { status: 404, html: page("This link leads nowhere", "Check that the whole address was copied from the message, or ask whoever sent it for a new one.") },
  expired: { status: 410, html: page("This link has expired", "It worked for a limited time only. Ask whoever sent it for a new one.") },
  unavailable: { status: 503, html: page("Try again in a moment", "This link is right, but it cannot be followed just now.") },
} as const;

export type PageName = keyof typeof pages;
