// Builds the server as one program, dist/main.js. Its two thousand modules, most of them of libraries, take twice as long to start one by one,
// and a third more memory. Node finds the places of errors in the sources when it is started with --enable-source-maps.
import path from "node:path";
import { build } from "rolldown";

const here = import.meta.dirname;
const dist = path.join(here, "dist");

/** What is looked for beside a module's source is still found there; the file of a thread becomes a program of its own. */
const addresses = {
  name: "addresses",
  transform: {
    filter: { id: { include: /\.ts$/, exclude: /node_modules/ }, code: "import.meta.url" },
    handler(code, id) {
      const thread = (_, file) => `new URL(import.meta.ROLLDOWN_FILE_URL_${this.emitFile({ type: "chunk", id: path.resolve(id, "..", file) })})`;
      const source = path.relative(dist, id).replaceAll(path.sep, "/");
      const addressed = code
        .replace(/new URL\("(\.[^"]+\.ts)", import\.meta\.url\)/g, thread)
        .replace(/\bimport\.meta\.url\b/g, `new URL("${source}", import.meta.url).href`);
      return { code: addressed, map: null };
    },
  },
};

await build({
  cwd: here,
  input: { main: "src/main.ts" },
  platform: "node",
  // A library of machine code, and one that pg uses if somebody has installed it.
  external: [/^@duckdb\//, "pg-native"],
  plugins: [addresses],
  // ASCII, since V8 keeps a source with other characters in twice the memory.
  output: { dir: dist, cleanDir: true, format: "esm", comments: false, charset: "ascii", sourcemap: true, chunkFileNames: "[name]-[hash].js" },
});
