import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  Loader,
  type MantineColorsTuple,
  Modal,
  NativeSelect,
  Paper,
  Select,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";

/** The one accent: a deep teal. */
const deep: MantineColorsTuple = [
  "#edf8f6", "#d8efeb", "#abddd6", "#7acabf", "#4fb8ab", "#2f9f92", "#147f76", "#0c6b64", "#0a5650", "#07413d",
];
/** The one highlight, for "look here". */
const warm: MantineColorsTuple = [
  "#fff8e9", "#fdeecd", "#fadb9b", "#f7c765", "#f4b63a", "#f1a71d", "#d98c06", "#a96a00", "#7d4e00", "#553500",
];
/** Its middle shades are darker than the library's, so that white text on them can be read. */
const red: MantineColorsTuple = [
  "#fff1f0", "#ffdfdc", "#fcbcb6", "#f79389", "#f37165", "#e5534a", "#d33a32", "#bf2a24", "#9c1f1b", "#761512",
];
const dark: MantineColorsTuple = [
  "#d7dedf", "#b4bec0", "#98a5a8", "#6c797d", "#3d484c", "#323c40", "#232b2e", "#191f22", "#12171a", "#0c1012",
];

/** Arabic is written from the right, as it is read on the phone. */
const eitherWay = { input: { dir: "auto" } };

/** What is chosen shows that its name goes on. */
const cutShort = { input: { textOverflow: "ellipsis" } } as const;

const windowTitle = { title: { fontWeight: 620, lineHeight: 1.35, overflowWrap: "anywhere" } } as const;

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace",
  headings: {
    fontWeight: "620",
    sizes: { h1: { fontSize: "1.5rem", lineHeight: "1.3" }, h2: { fontSize: "1.0625rem", lineHeight: "1.4" }, h3: { fontSize: "0.9375rem", lineHeight: "1.4" } },
  },
  colors: { deep, warm, red, dark },
  primaryColor: "deep",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 8,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "hover" } }),
    Badge: Badge.extend({ defaultProps: { variant: "default", radius: "xl" }, styles: { label: { textTransform: "none", fontWeight: 500 } } }),
    Button: Button.extend({ defaultProps: { size: "sm" }, styles: { label: { fontWeight: 560 } } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "presentation" } } }, styles: windowTitle }),
    Loader: Loader.extend({ defaultProps: { type: "dots" } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { "aria-label": "Close" },
        // A header inside a dialog is not the page's banner.
        attributes: { header: { role: "presentation" } },
      },
      styles: windowTitle,
    }),
    NativeSelect: NativeSelect.extend({ styles: cutShort }),
    Paper: Paper.extend({ defaultProps: { withBorder: true } }),
    Textarea: Textarea.extend({ defaultProps: { attributes: eitherWay } }),
    Select: Select.extend({ styles: cutShort }),
    TextInput: TextInput.extend({ defaultProps: { attributes: eitherWay } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, events: { hover: true, focus: true, touch: true } } }),
  },
});

/** Greys dark enough (light enough, in the dark) to be read, and the status colours that mean the same on every screen. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--status-sent": "#2f7de1",
    "--status-delivered": "#12978b",
    "--status-read": "#2f9e44",
    "--status-clicked": "#8450e6",
    "--status-replied": "#e8780c",
    "--status-failed": "#d33a32",
    "--status-unknown": "#d98c06",
  },
  light: {
    "--mantine-color-dimmed": "#59666a",
    "--mantine-color-placeholder": "#6b777b",
    "--mantine-color-error": "#bf2a24",
    "--mantine-color-text": "#16201f",
    "--mantine-color-default-border": "#dbe2e2",
    "--mantine-color-anchor": "#0c6b64",
    "--status-queued": "#8a969a",
    "--page": "#f5f8f7",
    "--soft": "#f1f5f4",
    "--accent-soft": "#e4f2ef",
    "--accent-text": "#0a5650",
    "--warm-soft": "#fff6e2",
    "--warm-line": "#f0d28f",
    "--danger-soft": "#fff3f2",
    "--danger-line": "#f2c4c0",
  },
  dark: {
    "--mantine-color-dimmed": "#9eabae",
    "--mantine-color-placeholder": "#8b989c",
    "--mantine-color-error": "#ff8b80",
    "--mantine-color-body": "#191f22",
    "--mantine-color-default-border": "#323c40",
    "--mantine-color-anchor": "#6fcabf",
    "--mantine-color-deep-light": "#15332f",
    "--mantine-color-deep-light-hover": "#1b423c",
    "--mantine-color-deep-light-color": "#8fdccf",
    "--status-queued": "#7d898d",
    "--page": "#12171a",
    "--soft": "#20272a",
    "--accent-soft": "#15332f",
    "--accent-text": "#8fdccf",
    "--warm-soft": "#2b2413",
    "--warm-line": "#5c4a1c",
    "--danger-soft": "#301d1c",
    "--danger-line": "#66302c",
  },
});
