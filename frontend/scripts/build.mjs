// Bundles the pages' scripts and styles into the folder that Django serves. Everything a page needs comes from here:
// no page asks another host for anything.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { licences } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = fileURLToPath(new URL("../../src/haedap/web/static/build", import.meta.url));
const family = `${root}node_modules/pretendard-gov/dist`;
const weights = ["Regular", "SemiBold", "Bold"];

const options = {
  absWorkingDir: root,
  entryPoints: {
    site: "src/site.ts",
    desk: "src/desk/main.tsx",
    supervision: "src/supervision/main.tsx",
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
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

await rm(out, { recursive: true, force: true });
await mkdir(`${out}/fonts`, { recursive: true });
for (const weight of weights) {
  const page = `PretendardGOV-${weight}.subset.woff2`;
  await cp(`${family}/web/static/woff2-subset/${page}`, `${out}/fonts/${page}`);
  const whole = `PretendardGOV-${weight}.ttf`; // for charts and printed documents, drawn by the server
  await cp(`${family}/public/static/alternative/${whole}`, `${out}/fonts/${whole}`);
}
const result = await esbuild.build(options);
await writeFile(`${out}/LICENCES.txt`, await licences(root, result.metafile.inputs, ["pretendard-gov"]));
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  if (!/\.(js|css)$/.test(file)) continue;
  const path = resolve(root, file);
  const packed = gzipSync(await readFile(path), { level: 9 });
  await writeFile(`${path}.gz`, packed);
  const sizes = [bytes, packed.length].map((size) => `${(size / 1024).toFixed(0)} kB`.padStart(7));
  console.log(`${sizes[0]} ${sizes[1]} gzip  ${basename(file)}`);
}
