import { LANGS, choose, expect, expectSound, open, scripted, test } from './support';

// An emergency in communities where no other test is, one for each way to run it.
const PLACES = { 'zh-CN': { js: 'cailing', html: 'shibu' }, en: { js: 'tinglan', html: 'wanglu' } } as const;

for (const lang of LANGS) {
  test(`an emergency is on top of every page and takes over the television until it is taken back (${lang}) @nojs`, async ({ browser, page, baseURL }) => {
    test.setTimeout(180_000);
    const place = PLACES[lang][scripted() ? 'js' : 'html'];
    const title = `小区西门燃气泄漏 ${lang}`;
    const author = await open(browser, 'district', lang);
    const hall = await browser.newContext({ viewport: { width: 1920, height: 1080 }, javaScriptEnabled: scripted(), baseURL });
    const screen = await hall.newPage();
    await screen.goto(`/board/notices?community=${place}&lang=${lang}`);
    await expect(screen.locator('.noticeboard[data-state=emergency]')).toHaveCount(0);

    await author.goto('/staff/notices/new?kind=emergency');
    await author.locator('input[name=title]').fill(title);
    await author.locator('input[name=title_en]').evaluate((field: HTMLInputElement, text) => { field.value = text; }, lang === 'en' ? 'Gas leak at the west gate' : '');
    await author.locator('[name=body_en]').evaluate((field: HTMLTextAreaElement, text) => { field.value = text; }, lang === 'en' ? 'Please leave the houses at the west gate.' : '');
    await author.locator('textarea[name=body]').fill('西门一带请马上离开，不要开关电器。');
    await author.locator('label.choice:has(input[name=severity][value=extreme])').click();
    await author.locator('label.choice:has(input[name=certainty][value=observed])').click();
    await author.locator('input[name=instruction]').fill('马上离开，不要开关电器');
    await author.locator('input[name=starts_at]').fill('2026-11-25T09:30');
    await author.locator('input[name=ends_at]').fill('2026-11-25T23:00');
    for (const name of ['fact_label', 'fact_value', 'fact_label_en', 'fact_value_en', 'instruction_en']) {
      for (const input of await author.locator(`input[name=${name}]`).all()) await input.evaluate((field: HTMLInputElement) => { field.value = ''; });
    }
    for (const box of await author.locator('input[name=aims]:checked').all()) await box.evaluate((input: HTMLInputElement) => { input.checked = false; });
    await author.locator(`input[name=aims][value=${place}]`).first().evaluate((input: HTMLInputElement) => { input.checked = true; });
    await expectSound(author);
    await author.locator('button[name=action][value=next]').click();
    await expect(author).toHaveURL(/\/staff\/notices\/[0-9a-f-]{36}$/);
    const id = new URL(author.url()).pathname.split('/').pop()!;
    await expectSound(author);
    await author.locator('form[action$="/publish"] .primary').click();

    // The television takes it over by itself; one without a script loads itself again.
    if (!scripted()) await screen.reload();
    const taken = screen.locator('.noticeboard[data-state=emergency]');
    await expect(taken).toBeVisible({ timeout: 15_000 });
    await expect(taken).toContainText('马上离开');
    await expectSound(screen);

    // Every page of whoever looks at that community, also in large type.
    await choose(page, lang);
    const cookie = (name: string, value: string) => ({ name, value, domain: new URL(baseURL!).hostname, path: '/' });
    await page.context().addCookies([cookie('linli_community', place)]);
    for (const path of ['/', '/notices', '/services', '/report']) {
      await page.goto(path);
      await expect(page.locator('.emergency')).toContainText('马上离开，不要开关电器');
    }
    await page.context().addCookies([cookie('linli_size', 'large')]);
    await page.goto('/');
    await expectSound(page);
    await page.locator('.emergency a').click();
    await expect(page).toHaveURL(new RegExp(`/notices/${id}$`));
    await expect(page.locator('#confirm a[href^="/login?next=/notices/"]')).toBeVisible();
    await expectSound(page);
    const alert = await page.request.get(`/notices/${id}/cap.xml`);
    expect(await alert.text()).toContain('<msgType>Alert</msgType>');

    // "I have seen it": counted, and nothing but the number is there for staff.
    const reader = await open(browser, 'elder', lang);
    await reader.goto(`/notices/${id}`);
    await reader.locator('#confirm button').click();
    await expect(reader.locator('#confirm .badge')).toBeVisible();
    await expectSound(reader);
    await author.reload();
    await expect(author.locator('.summary')).toContainText(lang === 'en' ? '1 ' : '1 人');
    await expect(author.locator('main')).not.toContainText('周桂珍');

    // Taken back: gone from the pages and from the television.
    await author.locator('details.confirm summary').click();
    await author.locator('textarea[name=reason]').fill('已修好，可以回家。');
    await author.locator('details.confirm button.danger').click();
    await page.goto('/services');
    await expect(page.locator('.emergency')).toHaveCount(0);
    if (!scripted()) await screen.reload();
    await expect(taken).toHaveCount(0, { timeout: 15_000 });
    for (const other of [author, reader, screen]) await other.context().close();
  });
}
