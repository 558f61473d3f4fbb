// The texts of the scripts: `--update` merges new ones into djangojs.po, `--check` fails when one is not translated.
// Needs GNU gettext (xgettext, msgmerge, msgcmp). Texts are the literal arguments of gettext() and ngettext().
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const po = fileURLToPath(new URL("../../src/haedap/locale/ko/LC_MESSAGES/djangojs.po", import.meta.url));

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd });
  if (error) throw new Error(`${command} cannot be run: install GNU gettext (apt install gettext)`);
  return status === 0;
}

async function extract(folder) {
  const files = (await readdir(join(root, "src"), { recursive: true }))
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file))
    .sort();
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: files.map((file) => join("src", file)),
    outbase: join(root, "src"),
    outdir: folder,
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
  });
  const scripts = files.map((file) => file.replace(/\.tsx?$/, ".js"));
  const keywords = ["--keyword", "--keyword=gettext", "--keyword=ngettext:1,2", "--keyword=pgettext:1c,2"];
  const options = ["--language=JavaScript", "--from-code=UTF-8", "--no-location", "--no-wrap", "--sort-by-file"];
  const names = ["--package-name=haedap", "--msgid-bugs-address=none", "--output=djangojs.pot"];
  if (!run("xgettext", [...options, ...names, ...keywords, ...scripts], folder)) throw new Error("xgettext failed");
  return join(folder, "djangojs.pot");
}

const folder = await mkdtemp(join(tmpdir(), "haedap-messages-"));
try {
  const template = await extract(folder);
  if (process.argv.includes("--update")) {
    await mkdir(dirname(po), { recursive: true });
    const header =
      'msgid ""\nmsgstr ""\n"Language: ko\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n';
    await writeFile(po, header, { flag: "wx" }).catch(() => undefined);
    run("msgmerge", ["--update", "--backup=none", "--no-fuzzy-matching", "--no-wrap", "--sort-by-file", po, template]);
  } else if (!run("msgcmp", [po, template])) {
    process.exitCode = 1;
    console.error("Texts are missing in djangojs.po: run `npm run messages` and translate them.");
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
