import type { Page } from '@playwright/test';
import { REPORT, photo } from './reporting';
import { choose, expect, expectSound, islands, test } from './support';

/** What the form asks for beside the photos. */
async function words(page: Page, text: string) {
  await page.locator('select[name=building]').selectOption({ index: 3 });
  await page.locator('textarea[name=description]').fill(text);
  await page.locator('select[name=category]').selectOption('other-problem');
}

test.describe('photos on the phone', () => {
  // Here the network is taken from the page alone: a service worker would still have one, and send what waits.
  // Of a picture that cannot be drawn the browser keeps no bytes; Playwright's recorder asks the page for them again, which
  // the page's policy forbids.
  test.use({ serviceWorkers: 'block', allowErrors: [/Failed to load resource|net::ERR|Connecting to 'blob:|Service Worker registration blocked/] });

  test('nine at most, in any order, made smaller, sent again', async ({ page }) => {
    test.setTimeout(180_000);
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    // A large picture, drawn by the browser itself.
    const large = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(4000, 3000);
      const context = canvas.getContext('2d')!;
      for (let n = 0; n < 400; n += 1) {
        context.fillStyle = `hsl(${n * 7} 60% 50%)`;
        context.fillRect((n % 20) * 200, Math.floor(n / 20) * 150, 200, 150);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return btoa(text);
    });
    // The first is lost on the way: it is kept and goes again at a tap.
    let lost = 0;
    await page.route('**/api/v1/photos', async (route) => {
      lost += 1;
      if (lost === 1) return route.abort('connectionreset');
      return route.continue();
    });
    const input = page.locator('input[type=file]');
    await input.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.from(large, 'base64') });
    const tiles = page.locator('.photo-grid .photo');
    await expect(tiles.first()).toHaveAttribute('data-state', 'kept');
    await expectSound(page);
    await tiles.first().locator('.photo-retry').click();
    await expect(tiles.first()).toHaveAttribute('data-state', 'ready');
    const id = await tiles.first().locator('input[type=hidden]').inputValue();
    const size = await page.evaluate(async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob());
      return [picture.width, picture.height];
    }, `/photos/${id}/full`);
    expect(size).toEqual([2048, 1536]);
    // What is no picture is refused with a word, and does not stand in the way.
    await input.setInputFiles(photo('svg-as.jpg'));
    await expect(tiles.nth(1)).toHaveAttribute('data-state', 'refused');
    await expect(tiles.nth(1).locator('.photo-retry')).toBeHidden();
    await expect(tiles.nth(1).locator('.photo-say')).toContainText('照片');
    await tiles.nth(1).locator('button[name=remove]').click();
    // Nine at most.
    await input.setInputFiles(Array.from({ length: 10 }, (_, n) => photo(`orientation-${(n % 8) + 1}.jpg`)));
    await expect(tiles).toHaveCount(9);
    await expect(page.locator('.photos > [role=status]')).toContainText('9');
    await expect(page.locator('.photo-adds')).toBeHidden();
    await expect(page.locator('.photo[data-state=ready]')).toHaveCount(9, { timeout: 60_000 });
    // The last becomes the last but one.
    const last = await tiles.nth(8).locator('input[type=hidden]').inputValue();
    await tiles.nth(8).locator('button[name=up]').click();
    await expect(tiles.nth(7).locator('input[type=hidden]')).toHaveValue(last);
    await expect(tiles.nth(7).locator('.photo-no')).toHaveText('8');
    await expectSound(page);
  });

  test('a picture that this phone cannot open says so at once, and the others go on', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/api/v1/photos')) sent.push(request.url());
    });
    const tiles = page.locator('.photo-grid .photo');
    // A real HEIC, under a name that says otherwise, between two that can be drawn.
    await page.locator('input[type=file]').setInputFiles([photo('orientation-6.jpg'), photo('photo.heic'), photo('photo.webp')]);
    await expect(tiles.nth(1)).toHaveAttribute('data-state', 'refused');
    await expect(tiles.nth(1).locator('.photo-say')).toContainText('HEIC');
    await expect(tiles.nth(1).locator('.photo-retry')).toBeHidden();
    await expect(page.locator('.photo[data-state=ready]')).toHaveCount(2);
    expect(sent.length, 'it costs no data').toBe(2);
    // What the browser could draw goes as JPEG, whatever it was.
    expect(await tiles.nth(2).evaluate((tile) => (tile as unknown as { blob: Blob }).blob.type)).toBe('image/jpeg');
    await expectSound(page);
    await words(page, '两张能看，一张打不开');
    await page.locator('.action-bar .primary').click();
    const different = page.locator('button[name=different]');
    await Promise.race([different.waitFor(), page.waitForURL(REPORT)]);
    if (await different.isVisible()) await different.click();
    await expect(page).toHaveURL(REPORT);
    await expect(page.locator('.thumbs img')).toHaveCount(2);
    // Nothing of it is left waiting on the phone.
    await page.goto('/me/reports').catch(() => {});
    await page.goto('/report');
    await islands(page);
    await expect(page.locator('.outbox-item[data-state=draft]')).toHaveCount(0);
  });

  test('without a signal: it holds nothing up, and what is no picture is left behind with a word', async ({ page, context }) => {
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    await context.setOffline(true);
    // The phone knows a HEIC by itself; that markup is no photo, only the server does.
    await page.locator('input[type=file]').setInputFiles([photo('orientation-6.jpg'), photo('photo.heic'), photo('svg-as.jpg')]);
    const tiles = page.locator('.photo-grid .photo');
    await expect(tiles.nth(1)).toHaveAttribute('data-state', 'refused');
    await expect(page.locator('.photo[data-state=kept]')).toHaveCount(2);
    await words(page, '在电梯里拍的，三张里一张能用');
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
    await context.setOffline(false);
    const item = page.locator('.outbox-item[data-state=sent]');
    await expect(item).toHaveCount(1, { timeout: 30_000 });
    await expect(item).toContainText('有 1 张照片没有收下');
    await expectSound(page);
    await item.locator('a').click();
    await expect(page.locator('.thumbs img')).toHaveCount(1);
  });
});
