import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { mockServer } from "./mock/server.js";

export default defineConfig(({ mode }) => ({
  // Relative addresses: the page works wherever the server mounts it.
  base: "./",
  plugins: [svelte(), ...(mode === "mock" ? [mockServer()] : [])],
  server: { host: "127.0.0.1", proxy: mode === "mock" ? {} : { "/api": { target: "http://127.0.0.1:8765", ws: true } } },
  build: {
    outDir: "../src/glacis/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      output: {
        // The built page is committed, so its names must not change with its content.
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: ({ names }) => (names[0]?.endsWith(".css") ? "app.css" : "[name][extname]"),
      },
    },
  },
}));
