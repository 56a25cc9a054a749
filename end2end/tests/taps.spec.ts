import type { Page } from '@playwright/test';
import { LANGS, choose, expect, helped, islands, open, stateOf, test } from './support';

// What a thumb does on a slow network: it taps twice, goes back, comes too late.

/** Lets what goes to this address take so long, and counts what is sent there. */
async function slow(page: Page, address: string, milliseconds: number) {
  const sent: string[] = [];
  await page.route(address, async (route) => {
    if (route.request().method() === 'POST') {
      sent.push(route.request().postData() ?? '');
      await new Promise((go) => setTimeout(go, milliseconds));
    }
    await route.continue();
  });
  return sent;
}

/** Where these are on the screen. Asked for before a tap: while a page is on its way, nothing is found on the old one. */
async function spots(page: Page, ...selectors: string[]) {
  const found: { x: number; y: number }[] = [];
  for (const selector of selectors) {
    const box = (await page.locator(selector).boundingBox())!;
    found.push({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  }
  return found;
}

/** Taps as a hand makes them, one soon after the other: nobody waits for anything in between. */
async function tap(page: Page, ...at: { x: number; y: number }[]) {
  for (const { x, y } of at) {
    await page.mouse.click(x, y);
    await page.waitForTimeout(250);
  }
}

const SAVE = 'form[action="/me/name"] button.primary';

test('a double tap on a slow network is one request, and the next form is free again', async ({ browser }) => {
  const page = await open(browser, 'neighbour', 'zh-CN');
  const sent = await slow(page, '**/me/name', 3_000);
  const twice = async () => {
    await page.locator(SAVE).scrollIntoViewIfNeeded();
    const [save] = await spots(page, SAVE);
    await tap(page, save, save);
  };
  await page.goto('/me/name');
  const name = await page.locator('input[name=name]').inputValue();
  await twice();
  await expect(page).toHaveURL(/\/me$/);
  expect(sent).toHaveLength(1);
  // Refused with a word at the field: the page that comes is another one, and may be sent.
  await page.goto('/me/name');
  await page.locator('input[name=name]').fill(' ');
  await twice();
  await expect(page.locator('.error-summary')).toBeVisible();
  expect(sent).toHaveLength(2);
  await helped(page);
  await page.locator('input[name=name]').fill(name);
  await twice();
  await expect(page).toHaveURL(/\/me$/);
  expect(sent).toHaveLength(3);
  // Two buttons of one form are one form: the second tap does not send what the first one had not meant.
  const choices = await slow(page, '**/preferences', 3_000);
  await helped(page);
  const sizes = ['large', 'ordinary'].map((size) => `main button[name=size][value=${size}]`);
  await page.locator(sizes[0]).scrollIntoViewIfNeeded();
  await tap(page, ...(await spots(page, ...sizes)));
  await expect(page.locator('html')).toHaveAttribute('data-size', 'large');
  expect(choices.map((body) => new URLSearchParams(body).get('size'))).toEqual(['large']);
  await page.context().close();
});

for (const comes of ['from the back/forward cache', 'not at all, for a minute'] as const) {
  test(`a form may be sent again when its page comes back (${comes})`, async ({ browser }) => {
    const page = await open(browser, 'neighbour', 'zh-CN');
    // Its time goes on only when it is told to, however slow the machine is.
    const began = Date.parse('2026-11-25T10:00:00+08:00');
    await page.clock.install({ time: began });
    await page.clock.pauseAt(began + 60_000);
    await page.goto('/me/name');
    let sent = 0;
    // Stopped on its way, as by hand: the page stays where it is.
    await page.route('**/me/name', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      sent += 1;
      return route.abort('aborted');
    });
    const rests = () => page.evaluate(() => 'sent' in document.querySelector<HTMLFormElement>('form[action="/me/name"]')!.dataset);
    await page.locator(SAVE).scrollIntoViewIfNeeded();
    const [save] = await spots(page, SAVE);
    await tap(page, save, save);
    await expect.poll(() => sent).toBe(1);
    expect(await rests()).toBe(true);
    await page.clock.runFor(500);
    await expect(page.locator(SAVE)).toHaveAttribute('aria-busy', 'true');
    if (comes === 'from the back/forward cache') {
      // What the browser says then; the test's own browser keeps no pages for the back button.
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    } else {
      await page.clock.runFor(58_000);
      expect(await rests()).toBe(true);
      await page.clock.runFor(3_000);
    }
    expect(await rests()).toBe(false);
    await expect(page.locator(SAVE)).not.toHaveAttribute('aria-busy', 'true');
    await tap(page, save);
    await expect.poll(() => sent).toBe(2);
    await page.context().close();
  });
}

test.describe('a time that ended while its page was on its way', () => {
  // The browser tells the console of the server's no.
  test.use({ allowErrors: [/409/], storageState: stateOf('tenant') });
  for (const lang of LANGS) {
    test(`its page says so (${lang})`, async ({ page }) => {
      await choose(page, lang);
      await page.goto('/services/worker-aid/times?hall=hall-wutong');
      await page.locator('.days a.day[data-state=open]').last().click();
      await page.locator('label.time:not(:has(input:disabled))').last().click();
      // Given up in another tab just before this page says that it is there.
      await page.route('**/holds/*/here', async (route) => {
        const address = route.request().url().replace('/here', '/release');
        const given = await page.request.post(address, { form: { next: '/' }, headers: { 'sec-fetch-site': 'same-origin' }, maxRedirects: 0 });
        expect(given.status()).toBe(303);
        await route.continue();
      });
      await page.locator('.action-bar .primary').click();
      await islands(page);
      const gone = lang === 'en' ? 'not kept for you any more' : '不为您保留了';
      await expect(page.locator('.hold-box .hold')).toContainText(gone);
      await expect(page.locator('.hold-box [role=status]')).toContainText(gone);
      await page.waitForTimeout(1_500);
      await expect(page.locator('.hold-box .hold'), 'and goes on saying so').toContainText(gone);
    });
  }
});
