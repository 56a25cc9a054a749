import { readFileSync } from 'node:fs';
import { LANGS, choose, expect, expectNoSidewaysScroll, expectSound, open, scripted, test } from './support';

const PHOTO = readFileSync(new URL('../../server/demo/photos/bikes-before.jpg', import.meta.url));
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');

/** The large type of the same page, and back. */
async function expectLargeFits(page: import('@playwright/test').Page, lang: (typeof LANGS)[number]) {
  await choose(page, lang, 'large');
  await page.reload();
  await expectNoSidewaysScroll(page);
  await choose(page, lang);
  await page.reload();
}

for (const lang of LANGS) {
  test(`write, review, publish, correct and withdraw a notice (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(180_000);
    const title = `周六上午清洗水箱 ${lang} ${scripted() ? 'js' : 'nojs'}`;
    const author = await open(browser, 'otherStaff', lang);
    const reviewer = await open(browser, 'supervisor', lang);

    // The community asks for a second person.
    await reviewer.goto('/staff/notices/settings');
    await expectSound(reviewer);
    const turnOn = reviewer.locator('form:has(input[value=xingwu]) button[value="1"]');
    if (await turnOn.count()) await turnOn.click();
    await expect(reviewer.locator('form:has(input[value=xingwu]) button[value="0"]')).toBeVisible();

    // Begun from a template; only what an outage needs is asked for.
    await author.goto('/staff/notices/new');
    await expectSound(author);
    await author.locator('a[href="/staff/notices/new?kind=outage"]').click();
    await expect(author.locator('#severity')).toBeHidden();
    await expect(author.locator('textarea[name=body]')).toHaveValue(/〔填/);
    await author.locator('input[name=title]').fill(title);
    const body = author.locator('textarea[name=body]');
    await body.fill('请提前储水。\n\n- 8:00 停水\n- 12:00 恢复');
    if (scripted()) {
      // The buttons mark what is selected.
      await body.evaluate((area: HTMLTextAreaElement) => { const at = area.value.indexOf('储水'); area.setSelectionRange(at, at + 2); });
      await author.locator('button[data-mark=bold]').click();
      await expect(body).toHaveValue(/请提前\*\*储水\*\*。/);
      await expect(author.locator('[data-preview] strong')).toHaveText('储水');
      await expect(author.locator('.save-state[data-tone=ok]')).toBeVisible();
    } else {
      await body.fill('请提前**储水**。\n\n- 8:00 停水\n- 12:00 恢复');
    }
    await author.locator('input[name=starts_at]').fill('2026-11-28T08:00');
    await author.locator('input[name=ends_at]').fill('2026-11-28T12:00');
    for (const name of ['fact_label', 'fact_value', 'fact_label_en', 'fact_value_en']) {
      for (const input of await author.locator(`input[name=${name}]`).all()) await input.evaluate((node: HTMLInputElement) => { node.value = ''; });
    }
    for (const name of ['title_en', 'body_en']) await author.locator(`[name=${name}]`).evaluate((node: HTMLInputElement) => { node.value = ''; });
    await author.locator('label.choice:has(input[name=aims][value=xingwu])').click();
    await author.locator('button[name=action][value=preview]').click();
    await expect(author.locator('.phone-preview strong')).toHaveText('储水');
    await expectSound(author);

    // A picture and a file, on a page of their own.
    await author.locator('button[name=action][value=files]').click();
    await expect(author).toHaveURL(/\/files$/);
    const id = new URL(author.url()).pathname.split('/')[3]!;
    await author.locator('#picture').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO });
    await author.locator('#alt').fill('3 栋门口的取水点');
    await author.locator('form[action$="/picture"] button').click();
    await expect(author.locator('.attached').first()).toContainText('picture:1');
    await author.locator('#file').setInputFiles({ name: '清洗方案.pdf', mimeType: 'application/pdf', buffer: PDF });
    await author.locator('form[action$="/file"] button').click();
    await expect(author.locator('.attached')).toContainText(['picture:1', '清洗方案.pdf']);
    await expectSound(author);
    await author.locator('.action-bar a').click();
    await author.locator('button[name=action][value=next]').click();

    // Seen as somebody there will see it.
    await author.locator('a[href*="/preview"]').click();
    await expect(author.locator('html')).toHaveAttribute('data-size', 'large');
    await expect(author.locator('.prose img')).toBeVisible();
    await expectSound(author);
    await author.goto(`/staff/notices/${id}`);
    await expectSound(author);
    await author.locator('form[action$="/publish"] .primary').click();
    await expect(author.locator('form[action$="/call-back"]')).toBeVisible();
    await expect(author.locator('form[action$="/approve"]')).toHaveCount(0);

    // Given back, mended, approved.
    const there = `/staff/notices/${id}`;
    await reviewer.goto(there);
    await expectSound(reviewer);
    await reviewer.locator('details.confirm summary').click();
    await reviewer.locator('textarea[name=reason]').fill('请写上哪里可以接水。');
    await reviewer.locator('form[action$="/return"] button').click();
    await author.goto('/me/inbox');
    await expect(author.locator('main')).toContainText('请写上哪里可以接水。');
    await author.goto(`${there}/edit`);
    await expect(author.locator('main .note').first()).toContainText('请写上哪里可以接水。');
    await author.locator('textarea[name=body]').fill('请提前**储水**，3 栋门口可以接水。\n\n- 8:00 停水\n- 12:00 恢复');
    await author.locator('button[name=action][value=next]').click();
    await author.locator('form[action$="/publish"] .primary').click();
    await reviewer.goto(there);
    await expect(reviewer.locator('ins').first()).toContainText('门口可以接水');
    await expectSound(reviewer);
    await reviewer.locator('form[action$="/approve"] .primary').click();
    await expect(reviewer.locator(`a[href="/notices/${id}"]`)).toBeVisible();

    const reader = await open(browser, 'elder', lang);
    await reader.goto(`/notices/${id}`);
    await expect(reader.locator('h1')).toContainText(title);
    await expect(reader.locator('.facts')).toContainText('08:00–12:00');
    await expect(reader.locator('.prose img')).toHaveAttribute('alt', '3 栋门口的取水点');
    const download = reader.waitForEvent('download');
    await reader.locator('.notice-files a').click();
    expect((await download).suggestedFilename()).toBe('清洗方案.pdf');
    await expectSound(reader);
    await expectLargeFits(reader, lang);

    // A correction is a new notice, approved like the first; the old one points to it.
    await author.goto(there);
    await author.locator('form[action$="/correct"] button').click();
    await author.locator('textarea[name=body]').fill('改到周日上午，时间不变。');
    await author.locator('button[name=action][value=next]').click();
    await author.locator('form[action$="/publish"] .primary').click();
    const corrected = new URL(author.url()).pathname.split('/').pop()!;
    await reviewer.goto(`/staff/notices/${corrected}`);
    await reviewer.locator('form[action$="/approve"] .primary').click();
    await reader.reload();
    await expect(reader.locator(`main .note a[href="/notices/${corrected}"]`)).toBeVisible();
    await reader.locator(`main .note a[href="/notices/${corrected}"]`).click();
    await expect(reader.locator(`main .note a[href="/notices/${id}"]`)).toBeVisible();
    await expect(reader.locator('.prose img')).toBeVisible();

    // What changed from save to save.
    await author.goto(`${there}/versions`);
    await expectSound(author);
    await expectLargeFits(author, lang);

    // Taken back, with a reason, at once.
    await author.goto(`/staff/notices/${corrected}`);
    await author.locator('details.confirm summary').click();
    await author.locator('textarea[name=reason]').fill('清洗改期，另行通知。');
    await author.locator('details.confirm button.danger').click();
    await reader.goto(`/notices/${corrected}`);
    await reader.locator('main .note a[href^="/notices/"]').first().click();
    await expect(reader.locator('main')).toContainText('清洗改期');
    for (const page of [author, reviewer, reader]) await page.context().close();
  });
}

test('on a slow network one save follows the other, and nobody is blamed for it', async ({ browser }) => {
  test.setTimeout(120_000);
  const author = await open(browser, 'secondStaff', 'zh-CN');
  await author.goto('/staff/notices/new?kind=service&blank=1');
  const state = author.locator('.save-state');
  const body = author.locator('textarea[name=body]');
  await author.locator('input[name=title]').fill('慢网络');
  await expect(state).toContainText('已自动保存');
  let running = 0;
  let most = 0;
  await author.route('**/staff/notices/**', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => { setTimeout(resolve, 5000); });
    await route.continue();
    running -= 1;
  });
  // Three rests while the first save is on its way.
  for (const text of ['一', '一二', '一二三']) {
    await body.fill(text);
    await author.waitForTimeout(2300);
  }
  await expect(state).toContainText('已自动保存', { timeout: 30_000 });
  await expect(state).not.toContainText('别人');
  // A button while a save is on its way takes its turn as well.
  await body.fill('一二三四');
  await author.waitForTimeout(2300);
  await body.fill('一二三四五');
  await author.locator('button[name=action][value=save]').click();
  await expect(author.locator('.flash')).toContainText('草稿存好了', { timeout: 30_000 });
  await expect(body).toHaveValue('一二三四五');
  expect(most, 'one at a time').toBe(1);
  await author.context().close();
});

test('the draft saves itself, waits for a signal, and goes over nobody', async ({ browser }) => {
  const author = await open(browser, 'staff', 'zh-CN');
  await author.goto('/staff/notices/new?kind=service&blank=1');
  const state = author.locator('.save-state');
  await author.locator('textarea[name=body]').fill('先写正文');
  await expect(state).toContainText('写了标题就会自动保存');
  await author.locator('input[name=title]').fill('自动保存');
  await expect(state).toContainText('已自动保存');
  await expect(author).toHaveURL(/\/staff\/notices\/[^/]+\/edit$/);
  await author.locator('label.choice:has(input[name=aims][value=wutong-7])').evaluate((label: HTMLLabelElement) => label.click());
  await expect(author.locator('.audience')).toContainText('7栋');

  // A picture goes to where the cursor is.
  await author.locator('button[data-mark=picture]').click();
  await author.locator('#picture-file').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO });
  await author.locator('#picture-dialog button[value=send]').click();
  await expect(author.locator('#picture-dialog .error')).toContainText('看不见图片的人');
  await author.locator('#picture-alt').fill('车棚');
  await author.locator('#picture-dialog button[value=send]').click();
  await expect(author.locator('textarea[name=body]')).toHaveValue(/!\[车棚\]\(picture:1\)/);
  await expect(author.locator('[data-preview] img[alt="车棚"]')).toBeVisible();
  await expect(state).toContainText('已自动保存');

  // No signal: kept on the phone, sent when there is one.
  await author.context().setOffline(true);
  await author.locator('textarea[name=body]').fill('没有信号时写的');
  await expect(state).toContainText('存在这台手机上');
  await author.context().setOffline(false);
  await author.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(state).toContainText('已自动保存');

  // A colleague saves meanwhile: said, and nothing is overwritten.
  const address = author.url();
  const colleague = await open(browser, 'secondStaff', 'zh-CN');
  await colleague.goto(address);
  await expect(colleague.locator('textarea[name=body]')).toHaveValue('没有信号时写的');
  await colleague.locator('input[name=title]').fill('同事改的标题');
  await colleague.locator('button[name=action][value=save]').click();
  await expect(colleague.locator('.flash')).toContainText('草稿存好了');
  await author.locator('textarea[name=body]').fill('接着写');
  await expect(state).toContainText('没有盖掉对方的');
  await state.locator('button').click();
  await expect(author.locator('.note del').first()).toBeVisible();
  await expect(author.locator('textarea[name=body]')).toHaveValue('接着写');
  await expectSound(author);
  for (const page of [author, colleague]) await page.context().close();
});
