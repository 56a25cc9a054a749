import { LANGS, type Person, choose, expect, expectNoSidewaysScroll, expectSound, open, test, way, word } from './support';

// Who answers, and in which building: each way has a household of its own, so that they do not meet.
const HOUSEHOLDS: Record<ReturnType<typeof way>, Record<(typeof LANGS)[number], [Person, number]>> = {
  phone: { 'zh-CN': ['resident', 5], en: ['elder', 2] },
  html: { 'zh-CN': ['neighbour', 7], en: ['neighbour', 7] },
  desk: { 'zh-CN': ['volunteer', 3], en: ['electrician', 8] },
};

for (const lang of LANGS) {
  test(`a household answers and changes its answer (${lang}) @desk${lang === 'en' ? '' : ' @nojs'}`, async ({ browser }) => {
    const [person, building] = HOUSEHOLDS[way()][lang];
    const page = await open(browser, person, lang);
    if (way() !== 'desk') await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/consultations');
    await expectSound(page);
    await page.locator('main a.item', { hasText: word(lang, '健身器材', 'exercise machines') }).click();
    await expect(page.locator('#voice')).toContainText(word(lang, '以最后一次为准', 'the latest counts'));
    // The door is written in another way each time, and is the same door.
    for (const [flat, choice] of [[`${building}栋1单元701`, '0'], ['１－７０１', '1']] as const) {
      await page.locator('input[name=flat]').fill(flat);
      await page.locator(`label.choice:has(input[name=choices][value="${choice}"])`).click();
      await page.locator('#voice button.primary').click();
      await expect(page.locator('.flash')).toBeVisible();
      await expect(page.locator('input[name=flat]')).toHaveValue('1-701');
      await expect(page.locator(`input[name=choices][value="${choice}"]`)).toBeChecked();
    }
    await expectSound(page);
    await expectNoSidewaysScroll(page);
    await page.context().close();
  });

  test(`staff write, preview and publish a consultation (${lang}) @desk`, async ({ browser }) => {
    test.setTimeout(90_000);
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/consultations');
    await expectSound(page);
    await page.locator('a[href="/staff/consultations/new"]').click();
    const question = `楼道要不要换声控灯 ${lang} ${Date.now() % 100_000}`;
    await page.locator('[name=question]').fill(question);
    await page.locator('[name=explanation]').fill('**免费**更换');
    await page.locator('label.choice:has(input[name=kind][value=single])').click();
    await page.locator('[name=option]').nth(0).fill('换');
    await page.locator('button[name=action][value=save]').click();
    await expect(page.locator('#option-error')).toBeVisible();
    await expect(page.locator('[name=question]')).toHaveValue(question);
    await page.locator('[name=option]').nth(1).fill('不换');
    await page.locator('button[name=action][value=preview]').click();
    await expect(page.locator('.phone-preview strong')).toHaveText('免费');
    await expectSound(page);
    await page.locator('button[name=action][value=save]').click();
    await expect(page.locator('h1')).toHaveText(question);
    await page.locator('form:has(input[name=step][value=ask]) button.primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await expectSound(page);
    // It was a try.
    await page.locator('details:has(input[name=step][value=withdraw]) summary').click();
    await page.locator('[name=withdrawn]').fill('试一下');
    await page.locator('form:has(input[name=step][value=withdraw]) button.danger').click();
    await expect(page.locator('main .badge').first()).toHaveText(word(lang, '已撤回', 'Withdrawn'));
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`staff decide on voices that look like one household (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/consultations?state=weighing');
    await page.locator('main a.table-title', { hasText: word(lang, '充电桩', 'charging points') }).click();
    await expectSound(page);
    await page.locator('main a[href$="/pairs"]').click();
    await expectSound(page);
    const pair = page.locator('.consultation-pair').first();
    await pair.locator('textarea').fill('同一户，纸质的在先');
    await pair.locator('button[name=decision][value=second]').click();
    await expect(page.locator('.consultation-pair').first()).toContainText(word(lang, '只算一份', 'One counts'));
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`the result says what was decided and why, and prints (${lang}) @desk`, async ({ page }) => {
    await choose(page, lang);
    await page.goto('/consultations');
    await page.locator('main a.item', { hasText: word(lang, '北门', 'north gate') }).click();
    const result = page.locator('.consultation-result');
    await expect(result).toContainText(word(lang, '23:30 关', '23:30'));
    await expect(result).toContainText(word(lang, '为什么这样定', 'Why it was decided so'));
    await expectSound(page);
    await page.emulateMedia({ media: 'print' });
    await expect(result).toBeVisible();
    await expect(page.locator('.top-tools')).toBeHidden();
  });
}
