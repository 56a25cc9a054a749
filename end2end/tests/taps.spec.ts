import { chromium, type Page } from '@playwright/test';
import { LANGS, choose, expect, islands, open, stateOf, test } from './support';

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

/** Two taps as a hand makes them: nobody waits for anything in between. */
async function tapTwice(page: Page, selector: string) {
  const button = page.locator(selector);
  await button.scrollIntoViewIfNeeded();
  const box = (await button.boundingBox())!;
  for (let n = 0; n < 2; n += 1) {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(250);
  }
}

test('a double tap on a slow network is one request, and the next form is free again', async ({ browser }) => {
  const page = await open(browser, 'neighbour', 'zh-CN');
  await page.goto('/me/name');
  const sent = await slow(page, '**/me/name', 1_500);
  const save = 'form[action="/me/name"] button.primary';
  await tapTwice(page, save);
  await expect(page.locator(save)).toHaveAttribute('aria-busy', 'true');
  await expect(page).toHaveURL(/\/me$/);
  expect(sent).toHaveLength(1);
  // Refused with a word at the field: the page that comes is another one, and may be sent.
  await page.goto('/me/name');
  const name = await page.locator('input[name=name]').inputValue();
  await page.locator('input[name=name]').fill(' ');
  await tapTwice(page, save);
  await expect(page.locator('.error-summary')).toBeVisible();
  expect(sent).toHaveLength(2);
  await page.locator('input[name=name]').fill(name);
  await tapTwice(page, save);
  await expect(page).toHaveURL(/\/me$/);
  expect(sent).toHaveLength(3);
  // Two buttons of one form are one form: the second tap does not send what the first one had not meant.
  await page.goto('/me');
  const choices = await slow(page, '**/preferences', 1_000);
  await page.locator('button[name=size][value=large]').click({ noWaitAfter: true });
  await page.locator('button[name=size][value=ordinary]').click({ noWaitAfter: true, force: true, timeout: 500 }).catch(() => {});
  await expect(page.locator('html')).toHaveAttribute('data-size', 'large');
  expect(choices.map((body) => new URLSearchParams(body).get('size'))).toEqual(['large']);
  await page.context().close();
});

test('a form rests no longer than a minute when its answer never comes', async ({ browser }) => {
  const page = await open(browser, 'neighbour', 'zh-CN');
  await page.clock.install();
  await page.goto('/me/name');
  await page.route('**/me/name', (route) => (route.request().method() === 'POST' ? undefined : route.continue()));
  const form = page.locator('form[action="/me/name"]');
  await form.locator('button.primary').click({ noWaitAfter: true });
  await expect(form).toHaveAttribute('data-sent', '');
  await page.clock.runFor(59_000);
  await expect(form).toHaveAttribute('data-sent', '');
  await page.clock.runFor(2_000);
  await expect(form).not.toHaveAttribute('data-sent', '');
  await expect(form.locator('button.primary')).not.toHaveAttribute('aria-busy', 'true');
  await page.context().close();
});

test('a form that the browser had put away and brings back may be sent again', async ({ baseURL }) => {
  const { launchOptions, storageState: _, ...use } = test.info().project.use;
  // The test's own browser keeps no pages for the back button.
  const own = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  const page = await (await own.newContext({ ...use, baseURL })).newPage();
  await choose(page, 'zh-CN');
  await page.addInitScript(() => addEventListener('pageshow', (event) => { if (event.persisted) document.documentElement.dataset.back = ''; }));
  await page.goto('/login');
  const sent = await slow(page, '**/login', 300);
  const form = page.locator('form:has(input[name=phone][type=tel])');
  for (let n = 1; n <= 2; n += 1) {
    await form.locator('input[name=phone]').fill(n === 1 ? '19900000003' : '19900000004');
    await form.locator('button.primary').click();
    await expect(page).toHaveURL(/\/login\/code/);
    expect(sent).toHaveLength(n);
    await page.goBack();
    await expect(page.locator('html'), 'from the back/forward cache').toHaveAttribute('data-back', '');
    await expect(form).not.toHaveAttribute('data-sent', '');
    await expect(form.locator('button.primary')).not.toHaveAttribute('aria-busy', 'true');
  }
  await own.close();
});

test.describe('a time that ended while its page was on its way', () => {
  // The browser tells the console of the server's no.
  test.use({ allowErrors: [/409/], storageState: stateOf('tenant') });
  for (const lang of LANGS) {
    test(`its page says so (${lang})`, async ({ page }) => {
      await choose(page, lang);
      await page.goto('/services/worker-aid/times?hall=hall-wutong');
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
