import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: true },
  // `vite` in this folder shows the page against a sandbox that runs beside it.
  server: { port: 3011, proxy: { "/sandbox": "http://127.0.0.1:3001" } },
});
