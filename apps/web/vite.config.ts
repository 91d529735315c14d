import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The styles use light-dark(): without these targets it would be rewritten into something that needs another root.
  build: { target: "es2023", cssTarget: ["chrome123", "firefox120", "safari17.5"], chunkSizeWarningLimit: 800 },
});
