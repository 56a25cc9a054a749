import { LANGS, choose, expect, expectSound, open, stateOf, test, way, word } from './support';

// A bulletin from its draft to what residents read, and as a paper.

test.describe('writing a bulletin', () => {
  test.use({ storageState: stateOf('otherStaff') });

  for (const lang of LANGS) {
    test(`made, changed, published, and read by everybody (${lang}) @desk`, async ({ page, browser }) => {
      await choose(page, lang);
      await page.goto('/staff/bulletins');
      const fold = page.locator('#make');
      if (!(await fold.evaluate((one) => (one as HTMLDetailsElement).open))) await fold.locator('summary').click();
      // A period of its own for each way and language.
      await page.locator('select[name=period]').selectOption({ index: (lang === 'en' ? 1 : 2) + (way() === 'desk' ? 2 : 0) });
      await fold.locator('form button.primary').click();
      await expect(page.locator('.bulletin-figures')).toContainText(word(lang, '应结案', 'Due'));
      await expectSound(page);
      await page.locator('main a[href$="/edit"]').click();
      const mark = `简报 ${Date.now()}`;
      for (const field of ['title', 'title_en']) await page.locator(`input[name=${field}]`).fill(mark);
      await expectSound(page, ['light']);
      await page.locator('main form:has(input[name=title]) button.primary').click();
      await page.locator('form[action$="/publish"] button.primary').click();
      await expect(page.locator('.badge').first()).toHaveText(word(lang, '已发布', 'Published'));
      await expectSound(page);
      const href = await page.locator('main a[href^="/bulletins/"]').first().getAttribute('href');
      const resident = await open(browser, way() === 'desk' ? 'elder' : 'resident', lang);
      await resident.goto(href!);
      await expect(resident.locator('h1')).toHaveText(mark);
      await expectSound(resident);
      await resident.context().close();
    });
  }
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
