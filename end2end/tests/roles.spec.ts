import type { Page } from '@playwright/test';
import { codeOf, file, photo } from './reporting';
import { LANGS, choose, expect, expectSound, islands, open, residentFor, scripted, sizeFor, test } from './support';

// Those who work on a report, each on their own pages: the dispatcher at the desk, a unit, and a grid worker who verifies.

test.use({ allowErrors: [/status of 409 .*\/api\/v1\/reports/] });

/** Opens the form of a step on the page of a report and fills in its words. */
async function step(page: Page, name: string, words = '') {
  await page.goto(`${page.url().split(/[?#]/)[0]}?step=${name}`);
  const form = page.locator(`#do form:has(input[name=step][value=${name}])`);
  if (words) await form.locator('textarea[name=text]').fill(words);
  return form;
}

/** Sends it: the page comes back with what happened in the timeline. */
async function done(page: Page, form: ReturnType<Page['locator']>, said = '') {
  await form.locator('.buttons button').first().click();
  await expect(page).not.toHaveURL(/step=/);
  await expect(page.locator('.flash')).toBeVisible();
  if (said) await expect(page.locator('.timeline')).toContainText(said);
}

for (const lang of LANGS) {
  test(`a dispatcher, a unit and a verifier bring a report to its end (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(180_000);
    const resident = await open(browser, residentFor(lang), lang);
    const path = await file(resident, `楼道门关不上，晚上很冷 ${lang}`, [photo('orientation-1.jpg')], 'door-lock');
    const code = codeOf(path);
    const [dispatcher, unit, verifier] = [await open(browser, 'staff', lang), await open(browser, 'unit', lang), await open(browser, 'gridWorker', lang)];
    for (const page of [dispatcher, unit, verifier]) await choose(page, lang, sizeFor(lang));

    // The dispatcher finds it on the desk, sees what the resident will read, and sends one owner.
    await dispatcher.goto(`/staff/reports?q=${code}`);
    await expect(dispatcher.locator('li[data-code]')).toHaveCount(1);
    await expectSound(dispatcher);
    await dispatcher.goto((await dispatcher.locator('a.desk-row').getAttribute('href'))!);
    await expectSound(dispatcher);
    const accept = await step(dispatcher, 'accept', '今天请物业来看');
    await expectSound(dispatcher);
    await done(dispatcher, accept, '今天请物业来看');
    const dispatch = await step(dispatcher, 'dispatch');
    await dispatch.locator('label.choice', { hasText: '韩启良' }).click();
    await expectSound(dispatcher);
    await done(dispatcher, dispatch);

    // The unit takes it from its list, asks for time, and finishes with a photo.
    await unit.goto('/volunteer');
    await expectSound(unit);
    await unit.locator('li.task', { has: unit.locator(`a[href="/volunteer/reports/${code}"]`) }).locator('form button').click();
    await expect(unit).toHaveURL(new RegExp(`/volunteer/reports/${code}`));
    await expectSound(unit);
    const ask = await step(unit, 'extend_ask', '等门锁到货');
    await ask.locator('input[name=hours]').fill('9');
    await expectSound(unit);
    await done(unit, ask, '等门锁到货');
    await dispatcher.goto('/staff/reports?state=extension-1');
    await expect(dispatcher.locator(`li[data-code="${code}"]`)).toBeVisible();
    await dispatcher.goto(`/staff/reports/${code}`);
    const grant = await step(dispatcher, 'extend_grant');
    await expect(dispatcher.locator('#do')).toContainText('等门锁到货');
    await done(dispatcher, grant);
    await unit.goto(`/volunteer/reports/${code}`);
    const finish = await step(unit, 'finish', '换了门锁');
    await islands(unit);
    await finish.locator('input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    if (scripted()) await expect(unit.locator('.photo[data-state=ready]')).toHaveCount(1);
    await done(unit, finish, '换了门锁');
    await expectSound(unit);

    // The grid worker finds it among what is to be verified, looks, and is not content; the second time it holds.
    await verifier.goto('/volunteer');
    await expectSound(verifier);
    await verifier.locator(`a[href="/staff/reports/${code}"]`).click();
    await expect(verifier.locator('.pair img')).toHaveCount(2);
    await expectSound(verifier);
    const fail = await step(verifier, 'verify_fail', '关门还是很响');
    await expectSound(verifier);
    await done(verifier, fail, '关门还是很响');
    await unit.goto(`/volunteer/reports/${code}`);
    await expect(unit.locator('.timeline')).toContainText('关门还是很响');
    await done(unit, await step(unit, 'finish', '调了闭门器'), '调了闭门器');
    await verifier.goto(`/staff/reports/${code}`);
    await done(verifier, await step(verifier, 'verify_pass'));
    await verifier.goto('/volunteer');
    await expect(verifier.locator(`a[href="/staff/reports/${code}"]`)).toHaveCount(0);

    // Closed in words that the resident reads.
    await dispatcher.goto(`/staff/reports/${code}`);
    await done(dispatcher, await step(dispatcher, 'close', '门锁已换，谢谢您告诉我们'), '门锁已换');
    await expectSound(dispatcher);
    // The photo of the work is shown when the dispatcher has looked at it.
    await dispatcher.locator('form:has(input[name=photo]) button[name=release][value="1"]').last().click();
    await expect(dispatcher.locator('.flash')).toBeVisible();
    await resident.goto(path);
    await expect(resident.locator('main')).toContainText('门锁已换，谢谢您告诉我们');
    await expect(resident.locator('.pair img')).toHaveCount(2);
    for (const page of [resident, dispatcher, unit, verifier]) await page.context().close();
  });
}
