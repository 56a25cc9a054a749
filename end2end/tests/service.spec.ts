import { startServer } from '../../tools/with-server.mjs';
import type { Browser, Page } from '@playwright/test';
import { fresh } from './hall';
import { LANGS, type Person, choose, expect, expectSound, sizeFor, test, word } from './support';

// What volunteers do, counted: a training; an activity with its list at the door; hours that are told and confirmed; a certificate.
// An activity must be over before its hours count: the server of these tests is stopped in the morning and started the day after.

const TITLE = '陪老人买菜';
const TEAM = '银龄陪伴队';

type Lang = (typeof LANGS)[number];
type Server = Awaited<ReturnType<typeof startServer>>;

async function somebody(browser: Browser, server: Server, lang: Lang, person: Person): Promise<Page> {
  const page = await fresh(browser, server, lang, person);
  await choose(page, lang, sizeFor(lang));
  return page;
}

/** Publishes an activity for tomorrow morning; gives the id of its notice. */
async function activity(staff: Page): Promise<string> {
  await staff.goto('/staff/notices/new?kind=activity');
  await staff.locator('input[name=title]').fill(TITLE);
  await staff.locator('textarea[name=body]').fill('一早在南门集合。');
  await staff.locator('[name=activity_starts]').fill('2026-11-26T09:00');
  await staff.locator('[name=activity_ends]').fill('2026-11-26T11:00');
  await staff.locator('[name=activity_place]').fill('南门');
  await staff.locator('[name=activity_seats]').fill('5');
  for (const name of ['title_en', 'body_en', 'fact_label', 'fact_value', 'fact_label_en', 'fact_value_en']) {
    for (const field of await staff.locator(`[name=${name}]`).all()) await field.evaluate((node: HTMLInputElement) => { node.value = ''; });
  }
  await staff.locator('input[name=aims][value=wutong]').check();
  await staff.locator('button[name=action][value=next]').click();
  await staff.locator('form[action$="/publish"] .primary').click();
  const public_ = staff.locator('main a[href^="/notices/"]').first();
  return (await public_.getAttribute('href'))!.split('/')[2]!;
}

for (const lang of LANGS) {
  test(`an activity and what was told become hours and a certificate (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(180_000);
    const server = await startServer({ LINLI_DEMO_NOW: '2026-11-25T10:00:00+08:00' });
    try {
      const staff = await somebody(browser, server, lang, 'staff');
      const notice = await activity(staff);
      await staff.goto('/staff/partners?tab=teams');
      await staff.locator('main a[href^="/staff/partners/teams/"]', { hasText: TEAM }).click();
      const team = new URL(staff.url()).pathname;
      await expectSound(staff);
      const link = staff.locator(`form[action="${team}/activities"]`);
      await staff.locator('details', { has: link }).locator('summary').click();
      await link.locator('select').selectOption(notice);
      await link.locator('button').click();
      const here = `${team}/activities/${notice}`;

      // A training: somebody must have been there.
      await staff.goto(team);
      const training = staff.locator(`form[action="${team}/trainings"]`);
      await staff.locator('details', { has: training }).locator('summary').click();
      await training.locator('[name=topic]').fill('怎样扶老人上车');
      await training.locator('[name=training_day]').fill('2026-11-20');
      await training.locator('[name=training_hours]').fill('2');
      await training.locator('button').click();
      await expect(training.locator('.error')).toBeVisible();
      await expect(training.locator('[name=topic]')).toHaveValue('怎样扶老人上车');
      await expectSound(staff);
      await training.locator('[name=members]').first().check();
      await training.locator('button').click();
      await expect(staff.locator('tr', { hasText: '怎样扶老人上车' })).toContainText('1');
      await expectSound(staff);

      // A volunteer finds the activity with the team and signs up.
      const fang = await somebody(browser, server, lang, 'volunteer');
      await fang.goto('/teams');
      await fang.locator('main a[href^="/teams/"]', { hasText: TEAM }).click();
      await fang.locator(`main a[href="/notices/${notice}"]`).click();
      await fang.locator('#sign-up button.primary').click();
      await expect(fang.locator('#sign-up .note')).toBeVisible();
      await staff.goto(`/staff/notices/${notice}/sign-ups`);
      await staff.locator('tr', { hasText: '方敏' }).locator('button[name=came][value="1"]').click();
      await staff.goto(here);
      await expect(staff.locator('main .note'), 'not before it is over').toBeVisible();
      await expect(staff.locator('[name=hours]')).toHaveCount(0);
      await expectSound(staff);
      await server.halt();
      await server.resume(26 * 3_600_000);

      await staff.goto(here);
      await staff.locator('label', { hasText: '方敏' }).locator('[name=people]').check();
      await staff.locator('[name=hours]').fill('17');
      await staff.locator(`form[action="${here}"] button`).click();
      await expect(staff.locator('#hours-error')).toBeVisible();
      await expectSound(staff);
      await staff.locator('label', { hasText: '方敏' }).locator('[name=people]').check();
      await staff.locator('[name=hours]').fill('2');
      await staff.locator(`form[action="${here}"] button`).click();
      await expect(staff.locator('main li', { hasText: '方敏' })).toContainText(word(lang, '2 小时', '2 h'));
      await expect(staff.locator(`form[action="${here}"]`)).toHaveCount(0);
      await expectSound(staff);

      // The volunteer has them in the record, with the training, and tells of more.
      await fang.goto('/me/service');
      await expect(fang.locator('.partners-years')).toContainText(word(lang, '2 小时', '2 h'));
      await expect(fang.locator('main')).toContainText('怎样扶老人上车');
      await expect(fang.locator('tr', { hasText: TITLE })).toContainText(word(lang, '已确认', 'Confirmed'));
      await fang.locator('#tell > summary').click();
      await fang.locator('#tell select[name=team]').selectOption({ label: TEAM });
      await fang.locator('#tell [name=words]').fill('陪周奶奶看病');
      await fang.locator('#tell [name=day]').fill('2026-11-24');
      await fang.locator('#tell [name=hours]').fill('1.5');
      await fang.locator('#tell button').click();
      const told = fang.locator('tr', { hasText: '陪周奶奶看病' });
      await expect(told).toContainText(word(lang, '待确认', 'Waiting'));
      await expect(fang.locator('.partners-years'), 'it counts when it is confirmed').toContainText(word(lang, '2 小时', '2 h'));
      await expectSound(fang);
      await staff.goto('/staff/partners?tab=hours');
      await expectSound(staff);
      await staff.locator('main a[href^="/staff/partners/hours/"]', { hasText: '方敏' }).first().click();
      await expect(staff.locator('main')).toContainText('陪周奶奶看病');
      await expectSound(staff);
      await staff.locator('button[name=do][value=confirm]').click();
      await fang.reload();
      await expect(told).toContainText(word(lang, '已确认', 'Confirmed'));
      await expect(fang.locator('.partners-years')).toContainText(word(lang, '3 小时 30 分', '3 h 30 min'));
      await expectSound(fang);

      // The certificate says the sum, and on paper it stands alone.
      await fang.locator('form[method=get][action="/me/service/certificate"] button').click();
      await fang.locator('form[method=post][action="/me/service/certificate"] button').click();
      const paper = fang.locator('.partners-paper');
      await expect(paper).toContainText('方敏');
      await expect(paper).toContainText(word(lang, '3 小时 30 分', '3 h 30 min'));
      await expectSound(fang);
      await fang.emulateMedia({ media: 'print' });
      await expect(paper).toBeVisible();
      await expect(paper.locator('.partners-qr')).toBeVisible();
      for (const bar of ['.bar', '.foot', '.partners-screen', '.buttons .button']) {
        for (const one of await fang.locator(bar).all()) await expect(one, bar).toBeHidden();
      }
      for (const page of [staff, fang]) await page.context().close();
    } finally {
      await server.stop();
    }
  });
}
