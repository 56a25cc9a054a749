import { fileURLToPath } from 'node:url';
import { LANGS, expect, expectSound, open, test } from './support';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));

for (const lang of LANGS) {
  test(`a street writes a notice, the community answers, the street re-checks (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(120_000);
    const street = await open(browser, 'supervisor', lang);
    const subject = `消防通道 ${lang} ${Date.now() % 1_000_000}`;
    await street.goto('/staff/supervision');
    await expectSound(street);
    await street.locator('a[href="/staff/supervision/new"]').click();
    await expectSound(street);
    await street.locator('input[name=kind][value=notice]').check();
    await street.locator('[name=addressee]').selectOption('wutong');
    await street.locator('[name=subject]').fill(subject);
    await street.locator('[name=finding]').first().fill('3 栋东侧通道停放电动车');
    await street.locator('[name=asked]').fill('清理通道');
    await street.locator('[name=days]').fill('5');
    await street.locator('.action-bar button.primary').click();
    await expect(street).toHaveURL(/\/staff\/supervision\/[0-9a-f-]{36}$/);
    const here = new URL(street.url()).pathname;
    await street.locator('form[action$="/photos"] input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    await street.locator('form[action$="/photos"] button').click();
    await expect(street.locator('.thumbs img')).toHaveCount(1);
    await expectSound(street);
    // What is shown is what the community gets.
    const message = (await street.locator('section.card .message-preview p').last().innerText()).trim();
    await street.locator('form:has([name=step][value=issue]) button.primary').click();
    await expect(street.locator('main')).toContainText(/〔\d{4}〕\d+号/);

    const staff = await open(browser, 'staff', lang);
    await staff.goto('/me/inbox');
    await expect(staff.locator('main')).toContainText(message);
    await staff.goto(here);
    await expectSound(staff);
    const answer = staff.locator('form:has([name=step][value=answer])');
    await answer.locator('textarea').fill('通道已清空，每天巡查。');
    await answer.locator('input[type=file]').setInputFiles(photo('orientation-6.jpg'));
    await answer.locator('button.primary').click();
    await expect(staff.locator('.supervision-answer')).toContainText('通道已清空');
    await expectSound(staff);

    await street.goto(here);
    await street.locator('form:has([name=step][value=pass]) button.primary').click();
    await expect(street.locator('.badge[data-tone=ok]').first()).toBeVisible();
    await expect(street.locator('.timeline .event')).toHaveCount(4);
    await expectSound(street);
    await street.goto('/staff/supervision/statistics');
    await expectSound(street);
    await street.goto('/staff/supervision?state=done');
    await expect(street.locator('main')).toContainText(subject);
    await street.context().close();
    await staff.context().close();
  });
}

for (const lang of LANGS) {
  test(`the printed letter is one A4 sheet with number, seal and date (${lang}) @desk`, async ({ browser }) => {
    const street = await open(browser, 'supervisor', lang);
    await street.goto('/staff/supervision?state=issued');
    await street.locator('a.table-title').first().click();
    await street.locator('a[href$="/letter"]').click();
    await expectSound(street);
    await expect(street.locator('.letter h1')).toHaveText(lang === 'en' ? /Supervision Order|Rectification Notice/ : /督办单|整改通知书/);
    await expect(street.locator('.letter-sign')).toContainText('号');
    await expect(street.locator('.letter-foot')).toContainText(lang === 'en' ? /\d+ \S+ 20\d\d/ : /二〇\S+年\S+月\S+日/);
    await street.emulateMedia({ media: 'print' });
    await expect(street.locator('.bar')).toBeHidden();
    await expect(street.locator('.letter-print')).toBeHidden();
    await expect(street.locator('.letter')).toBeVisible();
    await street.context().close();
  });
}

for (const lang of LANGS) {
  test(`the administrator reads and does not write (${lang}) @desk`, async ({ browser }) => {
    const admin = await open(browser, 'admin', lang);
    await admin.goto('/staff/supervision?state=all');
    await expectSound(admin);
    await expect(admin.locator('a[href="/staff/supervision/new"]')).toHaveCount(0);
    await admin.locator('a.table-title').first().click();
    await expect(admin.locator('form[action$="/steps"]')).toHaveCount(0);
    await admin.context().close();
  });
}
