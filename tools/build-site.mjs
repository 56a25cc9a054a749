#!/usr/bin/env node
// Builds the site folder that the server hands out: target/site.
//
//   node tools/build-site.mjs             the real thing: smallest WASM, best compression
//   node tools/build-site.mjs --dev       the same without wasm-opt and with quick compression
//   node tools/build-site.mjs --css-only  only the style anew; the rest stays as it was built last
//
// In target/site: the files of frontend/public as they are; pkg/linli.<hash>.{js,wasm,css}; each frontend/<name>.js
// as pkg/<name>.<hash>.js, with all that it imports (styles as pkg/<name>-css.<hash>.css); sw.js likewise; assets.json, which says what all these are called (css, js, wasm, <name>), and hash.txt,
// which says it in Leptos' way; and beside each file that gets smaller by it a .br and a .gz.
// Nothing is done when no source has changed since the last time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NAME = 'linli';
const SITE = join(ROOT, 'target/site');
const WORK = join(ROOT, 'target/site-work');
const RAW_WASM = join(ROOT, 'target/wasm/wasm32-unknown-unknown/wasm-release/frontend.wasm');

// The oldest browsers served: cascade layers, which the style is made of, came with these.
const BROWSERS = { chrome: 99 << 16, firefox: 97 << 16, safari: (15 << 16) | (4 << 8), ios_saf: (15 << 16) | (4 << 8) };

const JS_TARGETS = ['chrome99', 'firefox97', 'safari15.4'];

// What every compiler since Rust 1.82 emits for this target, and what those browsers read.
const WASM_OPT_FLAGS = [
  '-Oz',
  '--converge',
  '--strip-debug',
  '--strip-producers',
  '--enable-bulk-memory',
  '--enable-nontrapping-float-to-int',
  '--enable-sign-ext',
  '--enable-reference-types',
  '--enable-multivalue',
  '--enable-mutable-globals',
];

const COMPRESSED = new Set(['.css', '.html', '.ico', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest', '.xml']);

const WASM_SOURCES = [
  'Cargo.toml', 'Cargo.lock', '.cargo', 'app', 'frontend/Cargo.toml', 'frontend/src',
  'tools/build-site.mjs', 'tools/package-lock.json', 'tools/wasm-bindgen.sh', 'tools/wasm-cargo.sh',
];
const CSS_SOURCES = ['style', 'tools/build-site.mjs', 'tools/package-lock.json'];
const PUBLIC = 'frontend/public';
// What the scripts import.
const PARTS = ['frontend/outbox', 'frontend/map', 'frontend/push', 'tools/package-lock.json'];
const SCRIPTS = readdirSync(join(ROOT, 'frontend')).filter((name) => name.endsWith('.js')).map((name) => `frontend/${name}`);

const flags = new Set(process.argv.slice(2));
const unknown = [...flags].filter((flag) => !['--dev', '--css-only'].includes(flag));
if (unknown.length > 0) fail(`unknown argument ${unknown.join(' ')}`);
const dev = flags.has('--dev');
const cssOnly = flags.has('--css-only');

const started = Date.now();
await main();

async function main() {
  const stampFile = join(WORK, 'stamp.json');
  const last = readJson(stampFile) ?? {};
  const now = { css: hashOfTree(CSS_SOURCES), files: hashOfTree([PUBLIC, ...PARTS, ...SCRIPTS]), wasm: hashOfTree(WASM_SOURCES), dev };
  if (cssOnly) {
    if (!last.wasm || !existsSync(join(WORK, `${NAME}.wasm`))) fail('--css-only needs a site that was built before');
    now.wasm = last.wasm;
    now.dev = last.dev;
  }
  // A full build also serves somebody who asks for a quick one.
  const wasmIsFresh = cssOnly || (last.wasm === now.wasm && (!last.dev || dev) && existsSync(join(WORK, `${NAME}.wasm`)));
  if (wasmIsFresh && last.css === now.css && last.files === now.files && existsSync(join(SITE, 'hash.txt'))) {
    say('up to date');
    return;
  }

  mkdirSync(WORK, { recursive: true });
  if (wasmIsFresh) now.dev = last.dev;
  else await buildWasm();
  if (last.css !== now.css || !existsSync(join(WORK, `${NAME}.css`))) await buildCss();
  await assemble();
  writeFileSync(stampFile, JSON.stringify(now));
}

/** Rust to WASM and the JavaScript that loads it: target/site-work/linli.{wasm,js}. */
async function buildWasm() {
  timed('cargo build of the browser part', () =>
    // `rustc --crate-type`, since cargo leaves out link-time optimisation, a quarter of the size, for a library
    // that is anything else as well.
    run(join(ROOT, 'tools/wasm-cargo.sh'), [
      'rustc', '--package', 'frontend', '--lib', '--crate-type', 'cdylib', '--profile', 'wasm-release',
      '--target', 'wasm32-unknown-unknown', '--target-dir', join(ROOT, 'target/wasm'),
    ]));

  // Much of `app` is only seen by the server: often the WASM comes out as it was, and the slow steps can be left out.
  const keyFile = join(WORK, 'wasm-key');
  const key = hash(Buffer.concat([readFileSync(RAW_WASM), Buffer.from(hashOfTree(['tools']) + dev)]));
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return;

  const bound = join(WORK, 'bindgen');
  rmSync(bound, { recursive: true, force: true });
  timed('wasm-bindgen', () =>
    run(join(ROOT, 'tools/wasm-bindgen.sh'), [RAW_WASM, '--target', 'web', '--no-typescript', '--out-name', NAME, '--out-dir', bound]));

  const wasm = join(bound, `${NAME}_bg.wasm`);
  const small = join(WORK, `${NAME}.wasm`);
  if (dev) cpSync(wasm, small);
  else timed('wasm-opt', () => run(join(ROOT, 'tools/node_modules/.bin/wasm-opt'), [...WASM_OPT_FLAGS, wasm, '-o', small]));

  writeFileSync(join(WORK, `${NAME}.js`), await minifiedScript(join(bound, `${NAME}.js`)));
  writeFileSync(keyFile, key);
}

/** A script with all it imports in one file. */
async function minifiedScript(file) {
  return (await bundledScript(file)).script;
}

/** A script, and the styles that it imports, if any. Packages are those of tools/. */
async function bundledScript(file, format = 'esm') {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      minify: true,
      write: false,
      outdir: WORK,
      format,
      target: JS_TARGETS,
      legalComments: 'none',
      logLevel: 'warning',
      nodePaths: [join(ROOT, 'tools/node_modules')],
      loader: { '.png': 'dataurl' },
    });
    const ending = (extension) => outputFiles.find((output) => output.path.endsWith(extension))?.contents;
    return { script: ending('.js'), style: ending('.css') };
  } catch {
    fail(`${relative(ROOT, file)} is not a script that can be built`);
  }
}

/** style/main.css with all it imports, minified: target/site-work/linli.css. */
async function buildCss() {
  const main = join(ROOT, 'style/main.css');
  if (!existsSync(main)) fail('style/main.css is missing');
  const { bundle } = await import('lightningcss');
  try {
    const { code, warnings } = bundle({ filename: main, minify: true, targets: BROWSERS });
    for (const warning of warnings) say(`style: ${warning.message} (${where(warning.loc)})`);
    writeFileSync(join(WORK, `${NAME}.css`), code);
  } catch (error) {
    fail(`style: ${error.message} (${where({ ...error.loc, filename: error.fileName })})`);
  }
}

/** Everything under its final name beside its compressed forms; swapped in whole, so that nobody is served half of it. */
async function assemble() {
  const next = `${SITE}.new-${process.pid}`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(join(next, 'pkg'), { recursive: true });
  if (existsSync(join(ROOT, PUBLIC))) cpSync(join(ROOT, PUBLIC), next, { recursive: true });

  const assets = {};
  const put = (kind, name, extension, bytes) => {
    assets[kind] = `/pkg/${name}.${hash(bytes).slice(0, 16)}${extension}`;
    writeFileSync(join(next, assets[kind]), bytes);
  };
  put('css', NAME, '.css', readFileSync(join(WORK, `${NAME}.css`)));
  put('wasm', NAME, '.wasm', readFileSync(join(WORK, `${NAME}.wasm`)));
  // The script names the WASM file by itself when nobody tells it where to look; then by its real name, please.
  const loader = readFileSync(join(WORK, `${NAME}.js`), 'utf8').replaceAll(`${NAME}_bg.wasm`, basename(assets.wasm));
  put('js', NAME, '.js', Buffer.from(loader));
  // One script names another as pkg:<name>. Those that name others come last.
  const named = (bytes) => Buffer.from(Buffer.from(bytes).toString('utf8').replace(/pkg:([a-z-]+)/g, (_, name) => assets[name] ?? fail(`there is no ${name}`)));
  const last = (script) => (script.endsWith('/boot.js') ? 1 : 0);
  for (const script of [...SCRIPTS].sort((a, b) => last(a) - last(b))) {
    const name = basename(script, '.js');
    const bundled = await bundledScript(join(ROOT, script));
    if (bundled.style) put(`${name}-css`, `${name}-css`, '.css', bundled.style);
    put(name, name, '.js', named(bundled.script));
  }
  writeFileSync(join(next, 'sw.js'), named((await bundledScript(join(ROOT, PUBLIC, 'sw.js'), 'iife')).script));

  writeFileSync(join(next, 'assets.json'), `${JSON.stringify(assets, null, 2)}\n`);
  writeFileSync(join(next, 'hash.txt'), ['js', 'wasm', 'css'].map((kind) => `${kind}: ${assets[kind].split('.').at(-2)}\n`).join(''));

  const files = filesUnder(next);
  await Promise.all(files.map(compress));

  const sizes = Object.entries(assets).map(([kind, path]) => [kind, statSync(smallestForm(join(next, path))).size]);
  const old = `${SITE}.old-${process.pid}`;
  if (existsSync(SITE)) renameSync(SITE, old);
  renameSync(next, SITE);
  rmSync(old, { recursive: true, force: true });

  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  say(`${files.length} files; compressed ${sizes.map(([kind, size]) => `${kind} ${kB(size)}`).join(', ')}, together ${kB(total)}`
    + ` (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

async function compress(file) {
  if (!COMPRESSED.has(extname(file))) return;
  const bytes = readFileSync(file);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: dev ? 5 : 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    promisify(gzip)(bytes, { level: dev ? 6 : 9 }),
  ]);
  if (br.length < bytes.length) writeFileSync(`${file}.br`, br);
  if (gz.length < bytes.length) writeFileSync(`${file}.gz`, gz);
}

function smallestForm(file) {
  return existsSync(`${file}.br`) ? `${file}.br` : file;
}

/** One hash over names and contents of files and folders, each named from the root of the tree. */
function hashOfTree(paths) {
  const sum = createHash('sha256');
  for (const path of paths.map((path) => join(ROOT, path)).filter(existsSync)) {
    for (const file of statSync(path).isDirectory() ? filesUnder(path) : [path]) {
      sum.update(`${relative(ROOT, file)}\0`).update(createHash('sha256').update(readFileSync(file)).digest());
    }
  }
  return sum.digest('hex');
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function run(program, args) {
  try {
    execFileSync(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    if (error.code === 'ENOENT') fail(`${relative(ROOT, program)} is missing: run tools/setup.sh build`);
    fail(`${relative(ROOT, program)} failed`);
  }
}

function timed(what, work) {
  const begin = Date.now();
  work();
  say(`${what}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

function where(loc) {
  return loc?.filename ? `${relative(ROOT, loc.filename)}:${loc.line}:${loc.column}` : 'style';
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function say(text) {
  console.log(`site: ${text}`);
}

function fail(text) {
  console.error(`site: ${text}`);
  process.exit(1);
}
