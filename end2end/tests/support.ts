import type axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

/** Demo people by what they do; see server/demo/people.json. */
export const PEOPLE = {
  resident: '19900000001',
  elder: '19900000002',
  neighbour: '19900000003',
  tenant: '19900000004',
  volunteer: '19900000011',
  electrician: '19900000012',
  gridWorker: '19900000021',
  staff: '19900000031',
  secondStaff: '19900000032',
  otherStaff: '19900000033',
  unit: '19900000041',
  supervisor: '19900000051',
  district: '19900000052',
  admin: '19900000099',
} as const;

export type Person = keyof typeof PEOPLE;

/** Where the signed-in state of a person is kept for the run; written by people.setup.ts. */
export const stateOf = (person: Person) => `test-results/people/${person}.json`;

/** Signs in through the door, with the code that the demo shows. */
export async function signIn(page: Page, phone: string) {
  await page.goto('/login');
  await page.locator('input[name=phone]').first().fill(phone);
  await page.locator('form:has(input[name=phone][type=tel]) button.primary').click();
  const code = (await page.locator('.demo-box .code').first().innerText()).trim();
  expect(code).toMatch(/^\d{6}$/);
  await page.locator('input[name=code]').fill(code);
  await page.locator('form:has(input[name=code]) button.primary').click();
  await expect(page).not.toHaveURL(/\/login/);
}

/** What a browser says of live pages when their server is killed (cluster.config.ts); they find another one by themselves. */
const BROKEN_OFF = [/net::ERR_INCOMPLETE_CHUNKED_ENCODING|net::ERR_EMPTY_RESPONSE|net::ERR_CONNECTION|status of 50[234]/];

/**
 * What a page's scripts promise (keys, buttons that ask nothing of the server) is there a moment after the page, and a test is quicker than
 * any hand: `goto` and `reload` wait for it. A script that a test holds back is not waited for longer than somebody would.
 */
export function patient(page: Page) {
  const helped = page.locator('html[data-helped], html:not(:has(script[src*="boot"]))');
  const after = <A extends unknown[], R>(act: (...given: A) => Promise<R>) => async (...given: A) => {
    const answer = await act(...given);
    if (scripted()) await helped.waitFor({ state: 'attached', timeout: 3_000 }).catch(() => {});
    return answer;
  };
  const goto = page.goto.bind(page);
  page.goto = after(async (...where: Parameters<Page['goto']>) => {
    for (let again = 0; ; again += 1) {
      try {
        return await goto(...where);
      } catch (error) {
        // The page was just going somewhere by itself, as after a step that could be sent at last.
        if (again === 3 || !/ERR_ABORTED|interrupted by another navigation/.test(String(error))) throw error;
      }
    }
  });
  page.reload = after(page.reload.bind(page));
}

/** Waits until the page's scripts are there, on a page that a click or the page itself opened. */
export async function helped(page: Page) {
  if (scripted()) await expect(page.locator('html[data-helped]')).toBeAttached();
}

/** Every test watches its pages: no error in the console, no request to another host. */
export const test = base.extend<{ allowErrors: RegExp[]; watched: void }>({
  allowErrors: [[], { option: true }],
  watched: [
    async ({ context, baseURL, allowErrors }, use) => {
      context.on('page', patient);
      const wrong: string[] = [];
      const own = new URL(baseURL!).host;
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.host !== own) wrong.push(`request to ${url.host}`);
      });
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => wrong.push(`uncaught: ${error.error()}`));
      await use();
      // Without JavaScript nothing uses what its pages bring along, and Chromium says so.
      const unused = (text: string) => !scripted() && /was preloaded using link preload but not used/.test(text);
      const allowed = [...allowErrors, ...(process.env.LINLI_TEST_KILLED ? BROKEN_OFF : [])];
      const left = wrong.filter((text) => !unused(text) && !allowed.some((one) => one.test(text)));
      expect(left, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page, by all its rules or these: rule, elements, and what to do. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    // What is in order is not described; that would take a third of the time.
    const { axe: here } = window as unknown as { axe: typeof axe };
    const found = await here.run(document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) });
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 4).join(' | ')} - ${v.help}`);
  }, rules);
}

/**
 * No violation that axe knows, in light and in dark; nothing wider than the screen. Colours are the same in every language:
 * an English page is looked at in the dark only, since its Chinese twin is looked at in both.
 */
export async function expectSound(page: Page, schemes?: readonly ('light' | 'dark')[]) {
  const ordinary = async () => ((await page.locator('html').getAttribute('lang')) === 'en' ? ['dark' as const] : ['light' as const, 'dark' as const]);
  // axe itself needs JavaScript; without it the page is the same markup, which the other run has checked.
  for (const [nth, colorScheme] of (scripted() ? schemes ?? (await ordinary()) : []).entries()) {
    // Without motion: a button whose colour is still on its way from light to dark has the contrast of neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The second scheme has other colours and nothing else.
    const told = await violations(page, nth > 0 ? ['color-contrast', 'link-in-text-block'] : undefined);
    expect(told, `axe, ${colorScheme}, ${page.url()}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await expectNoSidewaysScroll(page);
}

/** Nothing reaches beyond the screen; what does is named: the innermost elements whose right edge is out of it. */
export async function expectNoSidewaysScroll(page: Page) {
  const wider = () => page.evaluate(() => {
    // Between two pages there is none.
    if (!document.documentElement) return ['no page yet'];
    const screen = document.documentElement.clientWidth;
    const by = document.documentElement.scrollWidth - screen;
    if (by <= 0) return [];
    const out = [...document.querySelectorAll<HTMLElement>('body *')].filter((one) => one.getBoundingClientRect().right > screen + 0.5);
    const inner = out.filter((one) => !out.some((other) => other !== one && one.contains(other))).slice(0, 5);
    return [`${by} px`, ...inner.map((one) => `${one.localName}.${one.className} in .${one.parentElement?.className}: ${one.textContent?.trim().slice(0, 60)}`)];
  });
  // Looked at more than once, since a page may be drawn anew this very moment; what is too wide stays so.
  await expect.poll(wider, { message: `${page.url()} is wider than the screen`, timeout: 2_000 }).toEqual([]);
}

/** Chooses the main demo community and a language for this browser. */
export async function choose(page: Page, lang: 'zh-CN' | 'en', size: 'ordinary' | 'large' = 'ordinary') {
  const url = new URL(test.info().project.use.baseURL!);
  await page.context().addCookies([
    { name: 'linli_community', value: 'wutong', domain: url.hostname, path: '/' },
    { name: 'linli_lang', value: lang, domain: url.hostname, path: '/' },
    { name: 'linli_size', value: size, domain: url.hostname, path: '/' },
  ]);
}

/** A browser of a person's own, set up like the test's. Close it when done. */
export async function open(browser: Browser, person: Person, lang: 'zh-CN' | 'en', size: 'ordinary' | 'large' = 'ordinary'): Promise<Page> {
  const { storageState: _, ...use } = test.info().project.use;
  const context: BrowserContext = await browser.newContext({ ...use, storageState: stateOf(person) });
  context.on('page', patient);
  const page = await context.newPage();
  await choose(page, lang, size);
  return page;
}

/** Whether the test runs with JavaScript. */
export const scripted = () => test.info().project.use.javaScriptEnabled !== false;

/** Large type once in each language: with JavaScript in English, without it in Chinese. */
export const sizeFor = (lang: 'zh-CN' | 'en') => (scripted() === (lang === 'en') ? 'large' : 'ordinary');

/** Which of the three ways to run a test this is: on a phone, on a phone without JavaScript, at a desk. */
export const way = () => (test.info().project.name === 'desk' ? 'desk' : scripted() ? 'phone' : 'html');

/** Four people so that the four ways to run a journey (languages, with and without JavaScript) do not meet. */
export function residentFor(lang: 'zh-CN' | 'en'): Person {
  if (scripted()) return lang === 'en' ? 'elder' : 'resident';
  return lang === 'en' ? 'tenant' : 'neighbour';
}

/** Waits until the page's islands answer. */
export async function islands(page: Page) {
  if (scripted()) await expect(page.locator('html[data-ready]')).toBeAttached();
}

export const LANGS = ['zh-CN', 'en'] as const;

/** What a page says in this language. */
export const word = (lang: string, zh: string, en: string) => (lang === 'en' ? en : zh);
