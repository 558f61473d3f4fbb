// The licence texts of what the build contains, as those licences ask.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One text from the packages that `inputs` (esbuild's) and `more` name. */
export async function licences(root, inputs, more) {
  const bundled = Object.keys(inputs).map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  const names = [...new Set([...bundled, ...more])].filter((name) => name !== undefined).sort();
  const texts = [];
  for (const name of names) texts.push(await text(join(root, "node_modules", name), name));
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function text(folder, name) {
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const found = await licenceFile(folder);
  const body = found ? await readFile(found, "utf8") : "(The package contains no licence text.)\n";
  return `${name} ${version} (${license})\n\n${body}`;
}

async function licenceFile(folder) {
  for (const place of [folder, join(folder, "dist")]) {
    const entries = await readdir(place).catch(() => []);
    const file = entries.find((entry) => /^licen[cs]e/i.test(entry));
    if (file) return join(place, file);
  }
  return null;
}
