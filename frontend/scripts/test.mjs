// Unit tests: bundle each *.test.ts for Node and run them with Node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = await mkdtemp(join(tmpdir(), "haedap-frontend-"));
const files = (await readdir(join(root, "src"), { recursive: true })).filter((file) => /\.test\.tsx?$/.test(file));
await esbuild.build({
  absWorkingDir: root,
  entryPoints: files.map((file) => join("src", file)),
  outdir: out,
  outbase: join(root, "src"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  // JsSIP asks for Node's own modules in the old way.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
});
const built = files.map((file) => join(out, file.replace(/\.tsx?$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--test", ...built], { stdio: "inherit" });
await rm(out, { recursive: true, force: true });
process.exitCode = status ?? 1;
