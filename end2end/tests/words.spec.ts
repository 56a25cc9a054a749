import { LANGS, choose, expect, test } from './support';

// What a screen reader meets on the pages whose content does not change with the day: the accessibility tree, kept as
// files beside this test. `npx playwright test --update-snapshots` writes them anew; look at the difference.
const STABLE = { login: '/login', communities: '/communities', services: '/services', report: '/report', me: '/me', offline: '/offline' };

for (const lang of LANGS) {
  for (const [name, path] of Object.entries(STABLE)) {
    test(`${name} reads well in ${lang}`, async ({ page }) => {
      await choose(page, lang);
      await page.goto(path);
      await expect(page.locator('body')).toMatchAriaSnapshot({ name: `${name}.${lang}.aria.yml` });
    });
  }
}

test('by keyboard: the first stop skips to the content', async ({ page }) => {
  await choose(page, 'zh-CN');
  await page.goto('/notices');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('跳到正文');
  await page.keyboard.press('Enter');
  await expect(page.locator('main:focus, main :focus, main')).toBeVisible();
  expect(new URL(page.url()).hash).toBe('#main');
});
