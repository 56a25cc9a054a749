import { expect, test } from '@playwright/test';

// Every page that a visitor can open first: it answers, says where one is, and nothing in it goes wrong unseen.
const PAGES = ['/', '/services', '/report', '/notices'];

for (const path of PAGES) {
  test(`a visitor opens ${path} @nojs`, async ({ page }) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });

    const answer = await page.goto(path, { waitUntil: 'networkidle' });

    expect(answer?.status()).toBe(200);
    await expect(page).toHaveTitle(/\S/);
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    expect(problems).toEqual([]);
  });
}

test('a page that does not exist answers so and leads on @nojs', async ({ page }) => {
  const answer = await page.goto('/no-such-page');

  expect(answer?.status()).toBe(404);
  await expect(page.locator('main a[href="/"], header a[href="/"]').first()).toBeVisible();
});
