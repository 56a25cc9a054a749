import { fileURLToPath } from 'node:url';
import { LANGS, choose, expect, expectSound, islands, open, residentFor, scripted, stateOf, test } from './support';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));

// The three journeys of a resident, with what staff and a volunteer do for them: on a phone, in both languages, with
// JavaScript and without.
for (const lang of LANGS) {
  test(`book a window service, show the ticket, cancel (${lang}) @nojs`, async ({ browser }) => {
    const page = await open(browser, residentFor(lang), lang);
    await page.goto('/services');
    // By its name: managers offer and retire others meanwhile.
    const item = page.locator('main a[href^="/services/disability-subsidies"]').first();
    await page.goto((await item.getAttribute('href'))!);

    // What to bring depends on the answers.
    const questions = page.locator('form[action*="#bring"]');
    for (const question of await questions.locator('fieldset').all()) {
      await question.locator('label').first().click();
    }
    await questions.locator('button').click();
    await expect(page.locator('#bring input[name=m]').first()).toBeAttached();
    await page.locator('#bring label').first().click();
    await page.locator('.action-bar .primary').click();

    // Day and time.
    await expect(page).toHaveURL(/\/times/);
    await page.locator('.days a.day[data-state=open], .days a.day[data-state=few]').last().click();
    await page.locator('label.time:not(:has(input:disabled))').last().click();
    await page.locator('.action-bar .primary').click();

    // Confirm: what was ticked stays ticked.
    await expect(page).toHaveURL(/\/book/);
    await expect(page.locator('input[name=m]').first()).toBeChecked();
    await expectSound(page);
    await page.locator('.action-bar .primary').click();

    // The ticket.
    await expect(page).toHaveURL(/\/appointments\/[A-Z0-9]+/);
    await expect(page.locator('.ticket[data-state=booked] .ticket-code')).toBeVisible();
    await expect(page.locator('.ticket-qr svg')).toBeVisible();
    await expectSound(page);
    const ticket = new URL(page.url()).pathname;
    const calendar = await page.request.get(`${ticket}/calendar.ics`);
    expect(calendar.headers()['content-type']).toContain('text/calendar');
    expect(await calendar.text()).toContain('BEGIN:VEVENT');
    await page.goto('/me/appointments');
    await expect(page.locator(`a[href="${ticket}"]`)).toBeVisible();
    await page.goto('/me/inbox');
    await expect(page.locator('[data-unread]').first()).toBeVisible();

    // Staff see it by its code; it is not for today, and they are told so.
    const staff = await open(browser, 'staff', lang);
    await staff.goto('/staff/appointments');
    await staff.locator('form[action="/staff/check-in"] input[name=code]:not([type=hidden])').fill(ticket.split('/').pop()!);
    await staff.locator('form[action="/staff/check-in"] .primary').click();
    await expect(staff.locator('.error-summary')).toBeVisible();
    await staff.context().close();

    // Cancel, asked once.
    await page.goto(ticket);
    await page.locator('details.confirm summary').click();
    await page.locator('details.confirm button.danger').click();
    await expect(page.locator('.ticket[data-state=cancelled]')).toBeVisible();
    await page.context().close();
  });

  test(`report a problem, have it handled, verified and closed (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(150_000);
    const resident = await open(browser, residentFor(lang), lang);
    await resident.goto('/report');
    await islands(resident);
    await resident.locator('input[type=file]').setInputFiles([photo('orientation-6.jpg'), photo('photo.webp')]);
    if (scripted()) {
      await expect(resident.locator('.photo[data-state=ready]')).toHaveCount(2);
      // Order: the second becomes the first.
      const before = await resident.locator('.photo img').evaluateAll((all) => all.map((img) => (img as HTMLImageElement).src));
      await resident.locator('button[name=up]').nth(1).click();
      await expect(resident.locator('.photo img').first()).toHaveAttribute('src', before[1].replace(/^http:\/\/[^/]+/, ''));
    }
    await resident.locator('select[name=building]').selectOption({ index: 1 });
    await resident.locator('select[name=category]').selectOption({ index: 1 });
    await resident.locator('textarea[name=description]').fill('单元门口的灯连着三晚没有亮，老人进出看不清台阶。');
    await resident.locator('.action-bar .primary').click();
    // Something like it is open nearby: this one is another.
    const different = resident.locator('button[name=different]');
    const filed = /\/reports\/[A-Z0-9]{8}/;
    await Promise.race([different.waitFor(), resident.waitForURL(filed)]);
    if (await different.isVisible()) await different.click();
    await expect(resident).toHaveURL(filed);
    const code = new URL(resident.url()).pathname.split('/').pop()!;
    await expect(resident.locator('main')).toContainText(code);
    await expectSound(resident);

    // Staff accept it and send one person.
    const staff = await open(browser, 'staff', lang);
    await staff.goto(`/staff/reports/${code}?step=accept`);
    await expectSound(staff);
    await staff.locator('#do form .primary').click();
    await staff.goto(`/staff/reports/${code}?step=dispatch`);
    await staff.locator('label.choice', { hasText: '方敏' }).click();
    await staff.locator('#do textarea[name=text]').fill('请今天傍晚去看一下，需要换灯管。');
    await staff.locator('#do form .primary').click();

    // The volunteer takes it, repairs it and shows it.
    const volunteer = await open(browser, 'volunteer', lang);
    await volunteer.goto('/volunteer');
    await volunteer.locator(`a[href*="${code}"]`).first().click();
    await volunteer.goto(`/volunteer/reports/${code}?step=take`);
    await volunteer.locator('#do form .primary').click();
    await expect(volunteer).not.toHaveURL(/step=take/);
    await volunteer.goto(`/volunteer/reports/${code}?step=finish`);
    await islands(volunteer);
    await volunteer.locator('#do textarea[name=text]').fill('换了一支灯管，亮了。');
    await volunteer.locator('#do input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    if (scripted()) await expect(volunteer.locator('.photo[data-state=ready]')).toHaveCount(1);
    await volunteer.locator('#do form .primary').click();
    await expect(volunteer.locator('.timeline')).toContainText('换了一支灯管，亮了。');
    await expectSound(volunteer);

    // Somebody else looks, and closes.
    const second = await open(browser, 'secondStaff', lang);
    await second.goto(`/staff/reports/${code}?step=verify_pass`);
    await second.locator('#do form .primary').click();
    await second.goto(`/staff/reports/${code}?step=close`);
    await second.locator('#do textarea[name=text]').fill('灯已修好，晚上去看过，亮着。');
    await second.locator('#do form .primary').click();

    // The resident sees each step, and has been told.
    await resident.goto(`/reports/${code}`);
    expect(await resident.locator('.timeline .event').count()).toBeGreaterThanOrEqual(6);
    await expect(resident.locator('.timeline')).toContainText('灯已修好');
    await expectSound(resident);
    await resident.goto('/me/inbox');
    await expect(resident.locator('main')).toContainText(code);
    for (const page of [resident, staff, volunteer, second]) await page.context().close();
  });
}

test('a visitor chooses the community by its printed link, once @nojs', async ({ page }) => {
  await page.goto('/c/wutong');
  await expect(page).toHaveURL(/\/$/);
  await expect(page.locator('header')).toContainText('梧桐社区');
  await page.goto('/notices');
  await expect(page.locator('header')).toContainText('梧桐社区');
});

test.describe('a form with mistakes', () => {
  test.use({ storageState: stateOf('resident'), allowErrors: [/status of 422/] });
  test('comes back with what was typed and says what to change @nojs', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    await page.locator('textarea[name=description]').fill('门口的灯');
    await page.locator('select[name=category]').evaluate((field) => field.removeAttribute('required')).catch(() => {});
    await page.locator('form.form').evaluate((form) => form.setAttribute('novalidate', '')).catch(() => {});
    await page.locator('.action-bar .primary').click();
    if (scripted()) {
      await expect(page.locator('.error-summary')).toBeFocused();
      await expect(page.locator('textarea[name=description]')).toHaveValue('门口的灯');
      await expectSound(page);
    }
  });
});
