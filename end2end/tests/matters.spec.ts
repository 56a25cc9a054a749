import { LANGS, choose, expect, expectSound, open, scripted, stateOf, test, way, word } from './support';

// A matter of its own for each way to run it; from the form to the street's answer and back.
for (const lang of LANGS) {
  test(`a community sends a matter up, the street takes and answers it (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(90_000);
    const title = `凉亭漏雨 ${lang === 'en' ? 'en' : 'zh'}-${way()}-${Date.now() % 100_000}`;
    const community = await open(browser, 'staff', lang);
    await community.goto('/staff/matters/new');
    await expectSound(community);
    // What is missing stands at its field, and what was typed stays.
    await community.locator('[name=text]').fill('凉亭顶漏，需要街道安排维修。');
    await community.locator('[name=title]').fill(title);
    if (scripted()) {
      await community.locator('form.form').evaluate((form: HTMLFormElement) => { form.noValidate = true; });
      await community.locator('.action-bar button.primary').click();
      await expect(community.locator('#to-error')).toBeVisible();
      await expect(community.locator('[name=title]')).toHaveValue(title);
      await expectSound(community);
    }
    await community.locator('[name=to]').selectOption('org:tongyin');
    await community.locator('.action-bar button.primary').click();
    await expect(community).toHaveURL(/\/staff\/matters\/[0-9a-f-]{36}$/);
    await expectSound(community);
    const here = new URL(community.url()).pathname;

    const street = await open(browser, 'supervisor', lang);
    await street.goto('/staff/matters');
    await expectSound(street);
    await street.locator(`a[href="${here}"]`).click();
    await street.locator('[data-step=accept] button').click();
    await expect(street.locator('.meta .badge').first()).toHaveText(word(lang, '已签收', 'Taken'));
    const answer = street.locator('[data-step=answer]');
    if ((await answer.getAttribute('open')) === null) await answer.locator('summary').click();
    await answer.locator('textarea').fill('本周内修好。');
    await answer.locator('button').click();
    await expectSound(street);

    await community.goto(here);
    await expect(community.locator('.matter-answer')).toHaveText('本周内修好。');
    await community.locator('[data-step=close] button').click();
    await expect(community.locator('.meta .badge').first()).toHaveText(word(lang, '已办结', 'Closed'));
    // The whole story is on it, and on paper without the forms.
    await expect(community.locator('.timeline .event')).toHaveCount(4);
    await community.emulateMedia({ media: 'print' });
    await expect(community.locator('.matter-work')).toBeHidden();
    await expect(community.locator('.timeline .event').first()).toBeVisible();
    await community.context().close();
    await street.context().close();
  });
}

test.describe('an administrator', () => {
  test.use({ storageState: stateOf('admin') });
  for (const lang of LANGS) test(`sets up a platform and sees its secrets once (${lang}) @desk`, async ({ page }) => {
    await choose(page, lang);
    await page.goto('/staff/matters/platforms');
    await expectSound(page);
    const make = page.locator('#make');
    if ((await make.getAttribute('open')) === null) await make.locator('summary').first().click();
    await page.locator('[name=organisation]').selectOption('lanxi');
    await page.locator('[name=name]').fill(`市级平台 ${Date.now() % 100_000}`);
    await page.locator('[name=url]').fill('https://platform.example/matters');
    await make.locator('button.primary').click();
    await expect(page.locator('#secret code.token')).toHaveCount(2);
    await expectSound(page);
  });
});
