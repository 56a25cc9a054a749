#!/usr/bin/env node
// What a first visit costs a phone: the bytes that come over the wire for a page and all it names, nothing
// cached, brotli accepted. Fails when a page, or the WASM alone, weighs more than it may.
//
//   node tools/weight.mjs          starts a server of its own with the demo content
//   LINLI_BASE_URL=... node tools/weight.mjs   asks that one
//   … --markdown   more pages, as a table for docs/benchmarks.md
import http from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startServer } from './with-server.mjs';

const MARKDOWN = process.argv.includes('--markdown');
const MORE = [
  '/services/flexible-employment', '/services/flexible-employment/times', '/reports', '/login', '/offline',
];
const PAGES = ['/', '/notices', '/services', '/report', ...(MARKDOWN ? MORE : [])];
const PAGE_LIMIT = 120_000;
const WASM_LIMIT = 75_000;

let server;
try {
  if (!process.env.LINLI_BASE_URL) server = await startServer();
  process.exitCode = (await weigh(server?.url ?? process.env.LINLI_BASE_URL)) ? 0 : 1;
} catch (error) {
  console.error(`weight: ${error.message}`);
  process.exitCode = 1;
} finally {
  await server?.stop();
}

async function weigh(base) {
  const problems = [];
  const rows = [];
  for (const page of PAGES) {
    const visit = await firstVisit(new URL(page, base));
    problems.push(...visit.problems.map((problem) => `${page}: ${problem}`));
    const of = (kind) => visit.files.filter((file) => file.kind === kind).reduce((sum, file) => sum + file.bytes, 0);
    const total = visit.files.reduce((sum, file) => sum + file.bytes, 0);
    const [html, css, js, wasm] = ['html', 'css', 'js', 'wasm'].map(of);
    rows.push({ page, html, css, js, wasm, other: total - html - css - js - wasm, total });
    if (total > PAGE_LIMIT) problems.push(`${page}: ${kB(total)} is more than ${kB(PAGE_LIMIT)}`);
    if (wasm > WASM_LIMIT) problems.push(`${page}: WASM of ${kB(wasm)} is more than ${kB(WASM_LIMIT)}`);
  }

  const columns = Object.keys(rows[0]);
  if (MARKDOWN) {
    console.log(`| ${columns.join(' | ')} |\n| --- |${' --: |'.repeat(columns.length - 1)}`);
    for (const row of rows) {
      console.log(`| ${columns.map((column) => (column === 'page' ? row.page : (row[column] / 1000).toFixed(1))).join(' | ')} |`);
    }
    return problems.length === 0 || (problems.forEach((problem) => console.error(`weight: ${problem}`)), false);
  }
  const line = (cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(10))).join('');
  console.log(line(columns));
  for (const row of rows) console.log(line(columns.map((column) => (column === 'page' ? row.page : kB(row[column])))));
  for (const problem of problems) console.error(`weight: ${problem}`);
  console.log(`weight: limits ${kB(PAGE_LIMIT)} a page, ${kB(WASM_LIMIT)} WASM: ${problems.length === 0 ? 'kept' : 'NOT kept'}`);
  return problems.length === 0;
}

/** The page, what it names, and what its style names in turn; each address once. */
async function firstVisit(page) {
  const files = [];
  const problems = [];
  const seen = new Set();
  const queue = [page];
  while (queue.length > 0) {
    const url = queue.shift();
    const key = url.origin + url.pathname + url.search;
    if (seen.has(key)) continue;
    seen.add(key);
    if (url.origin !== page.origin) {
      problems.push(`names ${url.origin}, which is not this server`);
      continue;
    }
    const answer = await get(url);
    files.push({ kind: kindOf(answer, url), bytes: answer.body.length });
    if (answer.status >= 300 && answer.status < 400 && answer.headers.location) {
      queue.push(new URL(answer.headers.location, url));
      continue;
    }
    if (answer.status !== 200) problems.push(`${url.pathname} answered ${answer.status}`);
    const kind = kindOf(answer, url);
    if (answer.body.length > 2000 && ['html', 'css', 'js', 'wasm'].includes(kind) && answer.headers['content-encoding'] !== 'br') {
      problems.push(`${url.pathname} came without brotli`);
    }
    if (kind === 'html') queue.push(...namedByHtml(decoded(answer)).map((name) => new URL(name, url)));
    if (kind === 'css') queue.push(...namedByCss(decoded(answer)).map((name) => new URL(name, url)));
  }
  return { files, problems };
}

function namedByHtml(html) {
  const names = [];
  for (const [tag, name] of html.matchAll(/<(link|script|img|use|source)\b[^>]*>/gi)) {
    const attribute = (wanted) => tag.match(new RegExp(`\\s${wanted}\\s*=\\s*("([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i'))?.slice(2).find(Boolean)?.replaceAll('&amp;', '&');
    if (name === 'link' && !/\b(stylesheet|preload|modulepreload|icon|apple-touch-icon|manifest)\b/i.test(attribute('rel') ?? '')) continue;
    if (name === 'img' && attribute('loading') === 'lazy') continue;
    names.push(attribute('href') ?? attribute('src'));
  }
  return names.filter((name) => name && !/^(#|data:)/.test(name));
}

function namedByCss(css) {
  return [...css.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g)].map(([, name]) => name).filter((name) => !/^(#|data:)/.test(name));
}

function kindOf({ headers }, url) {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('text/html')) return 'html';
  if (type.startsWith('text/css')) return 'css';
  if (type.includes('javascript')) return 'js';
  if (type === 'application/wasm' || url.pathname.endsWith('.wasm')) return 'wasm';
  return 'other';
}

/** As it comes over the wire: the compressed body is what counts. */
function get(url) {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    // Somebody who has chosen a community: only then are the pages whole.
    const headers = {
      'accept-encoding': 'br, gzip', accept: 'text/html,*/*', 'accept-language': 'zh-CN,zh;q=0.9', cookie: 'linli_community=wutong',
    };
    request(url, { headers, timeout: 30_000 }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
        .on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject).on('timeout', function () { this.destroy(new Error(`${url} did not answer`)); }).end();
  });
}

function decoded({ headers, body }) {
  const decode = { br: brotliDecompressSync, gzip: gunzipSync }[headers['content-encoding']];
  return (decode ? decode(body) : body).toString('utf8');
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
