import type { Browser, Page } from '@playwright/test';
import { LANGS, choose, expect, expectSound, open, stateOf, test, way, word } from './support';

type Lang = (typeof LANGS)[number];

// A bulletin from its draft to what residents read, and as a paper.

/** The street has the notices of the second community looked at by a second person. Once it does, it stays so. */
async function askForReview(browser: Browser, lang: Lang) {
  const street = await open(browser, 'supervisor', lang);
  await street.goto('/staff/notices/settings');
  const turnOn = street.locator('form:has(input[value=xingwu]) button[value="1"]');
  if (await turnOn.count()) await turnOn.click();
  await expect(street.locator('form:has(input[value=xingwu]) button[value="0"]')).toBeVisible();
  await street.context().close();
}

/** The bulletin on the page waits for a second person; the street looks at it and lets it out. */
async function approve(page: Page, browser: Browser, lang: Lang) {
  await expect(page.locator('.badge').first()).toHaveText(word(lang, '待审核', 'In review'));
  await expectSound(page);
  const street = await open(browser, 'supervisor', lang);
  await street.goto(page.url());
  await street.locator('main a[href^="/staff/notices/"]').first().click();
  await expectSound(street);
  await street.locator('form[action$="/approve"] .primary').click();
  await street.context().close();
  await page.reload();
}

test.describe('writing a bulletin', () => {
  for (const lang of LANGS) {
    test(`made, changed, published, and read by everybody (${lang}) @desk`, async ({ browser }) => {
      // The community at the desk has its notices looked at by a second person, and so its bulletins; the one on the phone does not.
      const reviewed = way() === 'desk';
      if (reviewed) await askForReview(browser, lang);
      const page = await open(browser, reviewed ? 'otherStaff' : 'secondStaff', lang);
      await page.goto('/staff/bulletins');
      const fold = page.locator('#make');
      if (!(await fold.evaluate((one) => (one as HTMLDetailsElement).open))) await fold.locator('summary').click();
      // A period of its own for each language.
      await page.locator('select[name=period]').selectOption({ index: lang === 'en' ? 1 : 2 });
      await fold.locator('form button.primary').click();
      await expect(page.locator('.bulletin-figures')).toContainText(word(lang, '应结案', 'Due'));
      await expectSound(page);
      await page.locator('main a[href$="/edit"]').click();
      const mark = `简报 ${Date.now()}`;
      for (const field of ['title', 'title_en']) await page.locator(`input[name=${field}]`).fill(mark);
      await expectSound(page, ['light']);
      // Looked at before anything is saved.
      const [look, body] = [page.locator('#preview'), page.locator('[name=body]')];
      await expect(look.locator('.prose')).toHaveCount(0);
      // Longer than the screen: nothing in it scrolls where the keyboard cannot.
      const words = `## 总体\n\n**${mark}** 的话${'\n\n一段。'.repeat(30)}`;
      for (const field of ['body', 'body_en']) await page.locator(`[name=${field}]`).fill(words);
      await page.locator('button[name=action][value=preview]').click();
      await expect(look.locator('.prose strong')).toHaveText([mark, mark]);
      await expect(look.locator('.preview-heading').first()).toHaveText(mark);
      await expect(look).toBeInViewport();
      await expect(look.locator('[lang=en]')).toBeVisible();
      await expect(body).toHaveValue(words);
      await expectSound(page);
      await page.locator('main form:has(input[name=title]) button.primary').click();
      await expect(page.locator('article.bulletin strong').first()).toHaveText(mark);
      await page.locator('form[action$="/publish"] button.primary').click();
      if (reviewed) await approve(page, browser, lang);
      await expect(page.locator('.badge').first()).toHaveText(word(lang, '已发布', 'Published'));
      await expectSound(page);
      const href = await page.locator('main a[href^="/bulletins/"]').first().getAttribute('href');
      const resident = await open(browser, way() === 'desk' ? 'elder' : 'resident', lang);
      await resident.goto(href!);
      await expect(resident.locator('h1')).toHaveText(mark);
      await expectSound(resident);
      for (const one of [page, resident]) await one.context().close();
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
