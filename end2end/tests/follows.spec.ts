import { LANGS, PEOPLE, choose, expect, expectSound, open, residentFor, signIn, stateOf, test } from './support';

// Following: the page with and without JavaScript. A notification on this device is in notification.spec.ts.

for (const lang of LANGS) {
  test(`a place is followed, alerts are chosen, and it is left again, in ${lang} @nojs`, async ({ browser }) => {
    const page = await open(browser, residentFor(lang), lang);
    await page.goto('/notices?kind=outage');
    await page.locator('main a[href^="/me/follows"]').click();
    await expect(page.locator('h1')).toHaveText(lang === 'en' ? 'Following and alerts' : '关注和通知');
    // The kind that was looked at is chosen already.
    const add = page.locator('form[action="/me/follows/add"]');
    await expect(add.locator('select[name=kind]')).toHaveValue('outage');
    await page.locator('select[name=in]').selectOption('tinglan');
    await page.locator('form[action="/me/follows"][method=get] button').click();
    await expect(add.locator('select[name=kind]')).toHaveValue('outage');
    await add.locator('select[name=place]').selectOption('tinglan-4');
    await add.locator('button').click();
    await expect(page.locator('.flash')).toBeVisible();
    const row = page.locator('li:has(form[action="/me/follows/remove"])');
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(lang === 'en' ? 'Outage' : '停水停电');

    await page.locator('select[name=quiet_from]').selectOption('21');
    await page.locator('input[name=kinds][value=policy]').uncheck();
    await page.locator('form[action="/me/follows"][method=post] button.primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await expect(page.locator('select[name=quiet_from]')).toHaveValue('21');
    await expect(page.locator('input[name=kinds][value=policy]')).not.toBeChecked();
    await expect(page.locator('input[name=kinds][value=outage]')).toBeChecked();
    await expectSound(page);

    await row.getByRole('button').click();
    await expect(row).toHaveCount(0);
    // Everything at once, asked once before.
    await page.locator('details.confirm > summary').click();
    await page.locator('form[action="/me/follows/forget"] button').click();
    await expect(page.locator('select[name=quiet_from]')).toHaveValue('22');
    await expect(page.locator('input[name=kinds][value=policy]')).toBeChecked();
    await page.context().close();
  });

  test(`the page is sound in ${lang}, open and in large type`, async ({ browser }) => {
    const page = await open(browser, residentFor(lang), lang);
    await choose(page, lang, 'large');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/me/follows?in=wutong#add');
    await expectSound(page);
    await page.context().close();
  });
}

test.describe('staff', () => {
  test.use({ storageState: stateOf('staff') });
  test('see how a notice fares', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/staff/notices?state=published');
    // One of the demo's, whatever other tests have published meanwhile.
    await page.locator('main a.table-title', { hasText: '8 栋左侧电梯停梯检修' }).click();
    await page.getByRole('link', { name: '送达情况' }).click();
    await expect(page.locator('h1')).toContainText('送达情况');
    await expect(page.locator('table').first()).toContainText('消息');
    await expectSound(page);
  });
});

test('where the browser cannot, the page says why and what to do', async ({ page }) => {
  await page.addInitScript(() => {
    delete (window as { PushManager?: unknown }).PushManager;
  });
  await signIn(page, PEOPLE.elder);
  await page.goto('/me/follows');
  await expect(page.locator('[data-none]')).toContainText('微信');
  await expect(page.locator('[data-offer]')).toBeHidden();
});
