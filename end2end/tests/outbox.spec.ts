import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { LANGS, choose, expect, expectSound, islands, open, stateOf, test } from './support';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));
const PHOTOS = ['orientation-1.jpg', 'orientation-6.jpg', 'orientation-3.jpg'].map(photo);

/** A browser whose memory outlives it. */
async function launch(folder: string): Promise<{ context: BrowserContext; page: Page }> {
  const { launchOptions, viewport, baseURL, locale } = test.info().project.use;
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions, viewport, baseURL, locale, serviceWorkers: 'allow' });
  // Playwright's lost signal does not reach the service worker, which would send at once: here as in a browser without
  // Background Sync, where the next visit sends.
  await context.addInitScript(() => Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined }));
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** Waits until the service worker keeps the form for when there is no signal. */
async function keepsForm(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 100 && !(await caches.match('/report?shell', { ignoreVary: true })); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
}

async function compose(page: Page, text: string) {
  await page.goto('/report');
  await islands(page);
  await page.locator('input[type=file]').setInputFiles(PHOTOS);
  await expect(page.locator('.photo-grid .photo')).toHaveCount(3);
  await expect(page.locator('.photo-grid .photo[data-state=kept]')).toHaveCount(3);
  await page.locator('select[name=building]').selectOption({ index: 2 });
  await page.locator('select[name=category]').selectOption('other-problem');
  await page.locator('textarea[name=description]').fill(text);
  await page.locator('.action-bar .primary').click();
  await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
}

test.describe('without a signal', () => {
  test('a report with three photos is sent exactly once, whatever is cut off', async ({ browser }) => {
    const ROUNDS = Number(process.env.LINLI_OUTBOX_ROUNDS ?? 20);
    test.setTimeout(60_000 + ROUNDS * 20_000);
    const folder = mkdtempSync(join(tmpdir(), 'linli-phone-'));
    const mark = `离线测试 ${Date.now()}`;
    try {
      const first = await launch(folder);
      await choose(first.page, 'zh-CN');
      const { cookies } = JSON.parse(readFileSync(stateOf('tenant'), 'utf8'));
      await first.context.addCookies(cookies);
      await first.page.goto('/report');
      await islands(first.page);
      await keepsForm(first.page);
      await first.context.close();
      for (let round = 0; round < ROUNDS; round += 1) {
        // Written in a lift.
        let phone = await launch(folder);
        await phone.context.setOffline(true);
        await compose(phone.page, `${mark} ${round}`);
        await phone.context.close();
        // Another day: the signal breaks at another place each round.
        phone = await launch(folder);
        let uploads = 0;
        await phone.context.route('**/api/v1/photos', async (route) => {
          uploads += 1;
          if (uploads === (round % 3) + 1) {
            // The server has it; the phone never hears of it.
            if (round % 2) await route.fetch();
            return route.abort('connectionreset');
          }
          return route.continue();
        });
        let filings = 0;
        await phone.context.route('**/api/v1/reports', async (route) => {
          filings += 1;
          if (round % 4 === 3 && filings === 1) {
            await route.fetch();
            return route.abort('connectionreset');
          }
          return route.continue();
        });
        const item = phone.page.locator('.outbox-item').last();
        for (let visit = 0; visit < 4; visit += 1) {
          await phone.page.goto('/me/reports');
          await expect(item).not.toHaveAttribute('data-state', 'sending');
          await phone.page.waitForTimeout(100);
          if ((await item.getAttribute('data-state')) === 'sent') break;
        }
        await expect(item).toHaveAttribute('data-state', 'sent');
        await item.locator('.outbox-tools a').click();
        await expect(phone.page.locator('main')).toContainText(`${mark} ${round}`);
        await expect(phone.page.locator('.thumbs img')).toHaveCount(3);
        await phone.context.close();
      }
      // Each of them once: one report in one's own list for each round.
      const page = await open(browser, 'tenant', 'zh-CN');
      await page.goto('/me/reports');
      const codes = await page.locator('main a.item[href^="/reports/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      let found = 0;
      for (const href of codes.slice(0, ROUNDS + 10)) {
        const text = await (await page.request.get(href!)).text();
        if (text.includes(mark)) found += 1;
      }
      expect(found).toBe(ROUNDS);
      await page.context().close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.describe('on one page', () => {
    test.use({ allowErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource|net::ERR/] });
    for (const lang of LANGS) {
      test(`drafts survive, several of them, and can be taken up again (${lang})`, async ({ page, context }) => {
        await choose(page, lang);
        for (const text of ['第一件：门禁坏了', '第二件：垃圾桶满了']) {
          await page.goto('/report');
          await islands(page);
          await page.locator('textarea[name=description]').fill(text);
          await page.locator('input[type=file]').setInputFiles(PHOTOS[0]);
          await expect(page.locator('.photo[data-state=ready]')).toHaveCount(1);
          await page.waitForTimeout(700);
        }
        await page.goto('/report');
        await islands(page);
        await expect(page.locator('.outbox-item[data-state=draft]')).toHaveCount(2);
        await expectSound(page);
        await page.locator('.outbox-item', { hasText: '第一件' }).locator('a').click();
        await islands(page);
        await expect(page.locator('textarea[name=description]')).toHaveValue('第一件：门禁坏了');
        await expect(page.locator('.photo-grid .photo')).toHaveCount(1);
        // Sent while the signal is away: it waits, and goes by itself when the signal is back.
        await page.locator('select[name=building]').selectOption({ index: 3 });
        await page.locator('select[name=category]').selectOption('other-problem');
        await context.setOffline(true);
        await page.locator('.action-bar .primary').click();
        await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
        await expectSound(page);
        await context.setOffline(false);
        await expect(page.locator('.outbox-item[data-state=sent]')).toHaveCount(1, { timeout: 15_000 });
        // The other one is removed, with ten seconds to think again.
        await page.goto('/report');
        await islands(page);
        const second = page.locator('.outbox-item', { hasText: '第二件' });
        await second.locator('button').last().click();
        await expect(second).toHaveCount(0);
        await page.locator('.outbox [role=status] button').click();
        await expect(second).toHaveCount(1);
      });
    }
  });
});
