import type { Page } from '@playwright/test';
import { LANGS, choose, expect, expectSound, open, scripted, sizeFor, stateOf, test, way, word } from './support';

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

/** Sends a matter up as staff of the community; gives its address. */
async function sent(community: Page, title: string): Promise<string> {
  await community.goto('/staff/matters/new');
  await community.locator('[name=title]').fill(title);
  await community.locator('[name=text]').fill('花坛砖松了，需要街道安排维修。');
  await community.locator('[name=to]').selectOption('org:tongyin');
  await community.locator('.action-bar button.primary').click();
  await expect(community).toHaveURL(/\/staff\/matters\/[0-9a-f-]{36}$/);
  return new URL(community.url()).pathname;
}

/** Takes a step on the page of a matter and looks at where it stands then. */
async function take(page: Page, here: string, step: string, stands: string, fields: { text?: string; days?: string } = {}) {
  await page.goto(here);
  const form = page.locator(`[data-step=${step}]`);
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
  if (fields.days) await form.locator('[name=days]').fill(fields.days);
  if (fields.text) await form.locator('textarea').fill(fields.text);
  await form.locator('button').click();
  await expect(page.locator('.meta .badge').first()).toHaveText(stands);
}

for (const lang of LANGS) {
  test(`more time, return and withdrawal are asked for, refused and granted (${lang}) @desk`, async ({ browser }) => {
    test.setTimeout(150_000);
    const title = `花坛砖松 ${lang}-${way()}-${Date.now() % 100_000}`;
    const community = await open(browser, 'staff', lang, sizeFor(lang));
    const street = await open(browser, 'supervisor', lang, sizeFor(lang));
    const taken = word(lang, '已签收', 'Taken');
    const here = await sent(community, title);
    await take(street, here, 'accept', taken);

    // A number of days that nobody may grant comes back at its field, with the reason that was written.
    const asks = street.locator('[data-step=ask_extend]');
    await asks.locator('summary').click();
    await asks.locator('[name=days]').fill('99');
    await asks.locator('textarea').fill('要等砖到货。');
    await asks.locator('button').click();
    await expect(street.locator('#days-error')).toBeVisible();
    await expect(asks.locator('textarea')).toHaveValue('要等砖到货。');
    await expectSound(street);

    const due = await street.locator('main dl').first().innerText();
    await take(street, here, 'ask_extend', word(lang, '申请延期', 'More time asked for'), { text: '要等砖到货。', days: '2' });
    await take(community, here, 'refuse_extend', taken, { text: '居民每天路过，不能等。' });
    await take(street, here, 'ask_extend', word(lang, '申请延期', 'More time asked for'), { text: '厂家只能后天送到。', days: '2' });
    await expectSound(street);
    await expect(street.locator('[data-step=answer], [data-step=grant_extend]'), 'the street waits').toHaveCount(0);
    await community.goto(here);
    await expect(community.locator('main')).toContainText('厂家只能后天送到。');
    await expectSound(community);
    await take(community, here, 'grant_extend', taken);
    await street.goto(here);
    expect(await street.locator('main dl').first().innerText(), 'the deadline is a later one').not.toBe(due);

    await take(street, here, 'ask_return', word(lang, '申请退回', 'Return asked for'), { text: '花坛归园林处管。' });
    await take(community, here, 'refuse_return', taken, { text: '请街道转园林处。' });
    await take(community, here, 'ask_withdraw', word(lang, '申请撤回', 'Withdrawal asked for'), { text: '物业愿意修。' });
    await take(street, here, 'refuse_withdraw', taken, { text: '砖已经买了。' });
    await take(community, here, 'ask_withdraw', word(lang, '申请撤回', 'Withdrawal asked for'), { text: '物业昨天修好了。' });
    await take(street, here, 'grant_withdraw', word(lang, '已撤回', 'Withdrawn'));
    // Every request and every answer is on it, for both sides, and nothing more can be done.
    for (const page of [street, community]) {
      await page.goto(here);
      await expect(page.locator('.timeline .event')).toHaveCount(12);
      for (const said of ['要等砖到货。', '居民每天路过，不能等。', '请街道转园林处。', '砖已经买了。', '物业昨天修好了。']) {
        await expect(page.locator('.timeline')).toContainText(said);
      }
      for (const [zh, en] of [['不同意延期', 'More time refused'], ['同意延期', 'More time granted'], ['不同意退回', 'Return refused'], ['不同意撤回', 'Withdrawal refused'], ['同意撤回', 'Withdrawal granted']]) {
        await expect(page.locator('.timeline .event', { hasText: word(lang, zh, en) }).first()).toBeVisible();
      }
      await expect(page.locator('[data-step]')).toHaveCount(0);
      await expectSound(page);
    }

    // Another one goes back before anybody has taken it.
    const back = await sent(community, `${title} 2`);
    await take(street, back, 'ask_return', word(lang, '申请退回', 'Return asked for'), { text: '这件事该社区自己办。' });
    await take(community, back, 'grant_return', word(lang, '已退回', 'Returned'));
    await expect(community.locator('.timeline .event')).toHaveCount(3);
    await expectSound(community);
    await community.context().close();
    await street.context().close();
  });
}
