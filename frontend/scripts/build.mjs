// Bundles the pages' scripts and styles into the folder that Django serves. Everything a page needs comes from here:
// no page asks another host for anything.
import { cp, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = fileURLToPath(new URL("../../src/haedap/web/static/build", import.meta.url));
const fonts = `${root}node_modules/pretendard-gov/dist/web/static/woff2-subset`;
const weights = ["Regular", "SemiBold", "Bold"];

const options = {
  absWorkingDir: root,
  entryPoints: {
    site: "src/site.ts",
    desk: "src/desk/main.tsx",
    wallboard: "src/wallboard/main.tsx",
    demo: "src/demo/main.tsx",
    haedap: "styles/haedap.css",
  },
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16"],
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".svg": "file" },
  assetNames: "images/[name]",
  external: ["*.woff2"],
  legalComments: "linked",
  logLevel: "warning",
};

await rm(out, { recursive: true, force: true });
await mkdir(`${out}/fonts`, { recursive: true });
for (const weight of weights) {
  const file = `PretendardGOV-${weight}.subset.woff2`;
  await cp(`${fonts}/${file}`, `${out}/fonts/${file}`);
}
if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
  console.log("watching");
} else {
  const result = await esbuild.build({ ...options, metafile: true });
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    if (/\.(js|css)$/.test(file)) console.log(`${(bytes / 1024).toFixed(0).padStart(5)} kB  ${file.split("/").pop()}`);
  }
}
