// Builds the portal's styles, scripts and fonts into the folder given as argument.
//   src/scss/<name>.scss (not _partials)  -> <name>.css     sass, compressed
//   src/js/<name>.{js,ts}                 -> <name>.js      esbuild, one file each, as a module
//   src/images/**                         -> images/**
//   Be Vietnam Pro and "An Tin So"        -> fonts/*.woff2  named by their content; style sheets
//                                            get them by  @use "antin-fonts";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync }
  from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "..", "build", "assets"));
const staging = `${out}.new`;
const modules = join(here, "node_modules");

rmSync(staging, { recursive: true, force: true });
mkdirSync(join(staging, "fonts"), { recursive: true });

function font(name, bytes) {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = `fonts/${name}.${digest}.woff2`;
  writeFileSync(join(staging, file), bytes);
  return file;
}

// Be Vietnam Pro as its package cuts it: three subsets, each with its range of letters.
function faces(family, weight) {
  const package_ = join(modules, "@fontsource", "be-vietnam-pro");
  const ranges = JSON.parse(readFileSync(join(package_, "unicode.json"), "utf8"));
  return ["vietnamese", "latin-ext", "latin"].map((subset) => {
    const bytes = readFileSync(join(package_, "files",
      `be-vietnam-pro-${subset}-${weight}-normal.woff2`));
    const file = font(`be-vietnam-pro-${subset}-${weight}`, bytes);
    return `@font-face { font-family: "${family}"; font-style: normal; font-weight: ${weight}; ` +
      `font-display: swap; src: url("${file}") format("woff2"); ` +
      `unicode-range: ${ranges[subset]}; }`;
  });
}

// Be Vietnam Pro has no tabular figures: the ten digits of Inter come first in the font stack.
async function digits(weight) {
  const source = readFileSync(join(modules, "@fontsource", "inter", "files",
    `inter-latin-${weight}-normal.woff2`));
  const bytes = await subsetFont(source, "0123456789", { targetFormat: "woff2" });
  const file = font(`an-tin-so-${weight}`, bytes);
  return `@font-face { font-family: "An Tin So"; font-style: normal; font-weight: ${weight}; ` +
    `font-display: swap; size-adjust: 101.5%; src: url("${file}") format("woff2"); ` +
    "unicode-range: U+0030-0039; }";
}

const fontStyles = [];
for (const weight of [400, 600]) {
  fontStyles.push(await digits(weight), ...faces("Be Vietnam Pro", weight));
}

const importer = {
  canonicalize: (url) => (url === "antin-fonts" ? new URL("antin:fonts") : null),
  load: () => ({ contents: fontStyles.join("\n"), syntax: "scss" }),
};

const styles = join(here, "src", "scss");
for (const file of readdirSync(styles).filter((name) => /^[^_].*\.scss$/.test(name))) {
  const built = sass.compile(join(styles, file), {
    style: "compressed",
    loadPaths: [modules, here],
    importers: [importer],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(staging, `${basename(file, ".scss")}.css`), built.css);
}

const scripts = join(here, "src", "js");
const entries = readdirSync(scripts)
  .filter((name) => [".js", ".ts", ".mjs"].includes(extname(name)) && !name.startsWith("_"));
await esbuild.build({
  entryPoints: entries.map((name) => join(scripts, name)),
  outdir: staging,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "edge109"],
  legalComments: "none",
  logLevel: "warning",
});

const images = join(here, "src", "images");
if (existsSync(images)) cpSync(images, join(staging, "images"), { recursive: true });

rmSync(out, { recursive: true, force: true });
cpSync(staging, out, { recursive: true });
rmSync(staging, { recursive: true, force: true });
