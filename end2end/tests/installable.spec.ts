import { choose, expect, stateOf, test } from './support';

test('the site can be installed', async ({ page, request }) => {
  await page.goto('/');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await (await request.get(href!)).json();
  expect(manifest.display).toBe('standalone');
  for (const icon of manifest.icons) expect((await request.get(icon.src)).ok(), icon.src).toBe(true);
});

test.describe('without a signal', () => {
  test.use({ storageState: stateOf('resident'), allowErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });
  test('a page says so, and nobody sees what another person saw', async ({ page, context }) => {
    await choose(page, 'zh-CN');
    await page.goto('/me');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(async () => (await (await caches.open('linli-1')).keys()).length)).toBeGreaterThan(1);
    await page.reload();
    const kept = await page.evaluate(async () => (await (await caches.open('linli-1')).keys()).map((r) => new URL(r.url).pathname));
    for (const path of kept) expect(path).toMatch(/^\/(pkg|icons)\/|^\/offline$/);
    await context.setOffline(true);
    await page.goto('/me');
    await expect(page.locator('h1')).toHaveText('现在没有网络');
    await context.setOffline(false);
  });
});
