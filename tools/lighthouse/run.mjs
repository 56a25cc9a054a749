#!/usr/bin/env node
// Lighthouse for the pages that people open most, as a cheap phone on slow 4G has them (its mobile preset, simulated):
// performance at least 95, accessibility, best practices and search engines 100. `make lighthouse` runs it.
//
//   node tools/lighthouse/run.mjs              starts a server of its own with the demo content
//   node tools/lighthouse/run.mjs --markdown   a table for docs/benchmarks.md instead of a verdict
//   LINLI_BASE_URL=... node tools/lighthouse/run.mjs
import * as launcher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { startServer } from '../with-server.mjs';

const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 };
/** Simulated times differ from run to run by a few points: the median of so many counts. */
const RUNS = 3;
const COOKIE = 'linli_community=wutong';
const MARKDOWN = process.argv.includes('--markdown');

const server = process.env.LINLI_BASE_URL ? undefined : await startServer();
const base = server?.url ?? process.env.LINLI_BASE_URL;
const chrome = await launcher.launch({
  chromePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  chromeFlags: [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
try {
  process.exitCode = (await judge()) ? 0 : 1;
} finally {
  chrome.kill();
  await server?.stop();
}

/** The first address on a page that fits. */
async function linkOn(page, pattern) {
  const html = await (await fetch(new URL(page, base), { headers: { cookie: COOKIE } })).text();
  const link = html.match(pattern);
  if (!link) throw new Error(`${page} leads to nothing like ${pattern}`);
  return link[1].replaceAll('&amp;', '&');
}

async function judge() {
  const pages = {
    home: '/',
    notice: await linkOn('/notices', /href="(\/notices\/[0-9a-f-]{36})"/),
    'report form': '/report?community=wutong',
    booking: await linkOn('/services', /href="(\/services\/[a-z-]+)(?:\?[^"]*)?"/).then((item) => `${item}/times`),
  };
  const rows = [];
  let good = true;
  for (const [name, path] of Object.entries(pages)) {
    const runs = [];
    for (let n = 0; n < RUNS; n += 1) runs.push(await once(path));
    const score = (category) => median(runs.map((run) => Math.round(run.categories[category].score * 100)));
    const time = (audit) => Math.round(median(runs.map((run) => run.audits[audit].numericValue)));
    rows.push([
      name, ...Object.keys(LEAST).map(score), time('first-contentful-paint'), time('largest-contentful-paint'),
      time('total-blocking-time'),
    ]);
    for (const [category, least] of Object.entries(LEAST)) {
      if (score(category) >= least) continue;
      good = false;
      console.error(`lighthouse: ${name} (${path}): ${category} is ${score(category)}, not ${least}`);
      for (const audit of failing(runs[0], category)) console.error(`  ${audit}`);
    }
  }
  const heads = ['page', ...Object.keys(LEAST), 'first paint ms', 'largest paint ms', 'blocked ms'];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(line(heads));
  console.log(line(heads.map((_, n) => (n === 0 ? '---' : '--:'))));
  for (const row of rows) console.log(line(row));
  if (!MARKDOWN) console.log(`lighthouse: ${good ? 'good' : 'NOT good'}`);
  return good || MARKDOWN;
}

async function once(path) {
  const { lhr } = await lighthouse(new URL(path, base).href, {
    port: chrome.port,
    output: 'json',
    logLevel: 'error',
    locale: 'en-US',
    onlyCategories: Object.keys(LEAST),
    extraHeaders: { cookie: COOKIE },
  });
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
  return lhr;
}

/** What costs points: the audit and where. */
function failing(lhr, category) {
  return lhr.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => {
      const { score, title, displayValue, details } = lhr.audits[id];
      const where = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? item.description ?? '');
      return `${id} ${score}: ${title} ${displayValue ?? ''} ${where.filter(Boolean).join(' … ')}`;
    });
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
