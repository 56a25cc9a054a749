import { LANGS, choose, expect, expectSound, open, stateOf, test } from './support';

// A bulletin from its draft to what residents read, and as a paper.

test.describe('writing a bulletin', () => {
  test.use({ storageState: stateOf('otherStaff'), viewport: { width: 1280, height: 900 } });

  test('made, changed, published, and read by everybody', async ({ page, browser }) => {
    await choose(page, 'zh-CN');
    await page.goto('/staff/bulletins');
    const fold = page.locator('#make');
    if (!(await fold.evaluate((one) => (one as HTMLDetailsElement).open))) await fold.locator('summary').click();
    await page.locator('select[name=period]').selectOption({ index: 1 });
    await page.getByRole('button', { name: '生成草稿' }).click();
    await expect(page.locator('.bulletin-figures')).toContainText('应结案');
    await expectSound(page);
    await page.getByRole('link', { name: '修改文字' }).click();
    const mark = `简报 ${Date.now()}`;
    await page.locator('input[name=title]').fill(mark);
    await expectSound(page, ['light']);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '发布为公告' }).click();
    await expect(page.locator('.badge').first()).toHaveText('已发布');
    const href = await page.getByRole('link', { name: '居民看到的' }).getAttribute('href');
    const resident = await open(browser, 'resident', 'zh-CN');
    await resident.goto(href!);
    await expect(resident.locator('h1')).toHaveText(mark);
    await expectSound(resident);
    await resident.context().close();
  });
});

test.describe('printing a bulletin', () => {
  test.use({ storageState: stateOf('staff') });

  for (const lang of LANGS) {
    test(`on A4, without bars (${lang})`, async ({ page }) => {
      await choose(page, lang);
      await page.goto('/staff/bulletins');
      const href = await page.locator('main a.item').first().getAttribute('href');
      await page.goto(`${href}/print`);
      await expect(page.locator('.bulletin-tip')).toBeVisible();
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('.bulletin-tip')).toBeHidden();
      await expect(page.locator('.bulletin-figures table').first()).toBeVisible();
      await expect(page.locator('nav').first()).toBeHidden();
    });
  }
});
