// What residents, staff and handlers do with a report, for the tests of more than one room.
import type { Browser, Page } from '@playwright/test';
import { type Person, expect, islands, open, scripted } from './support';

/** The one open form of a report's page: sends it, with words if there are any to say. */
export async function step(page: Page, name: string, words = '') {
  // What was sent before is answered first.
  await expect(page.locator('form[data-sent]')).toHaveCount(0);
  const address = page.url().split(/[?#]/)[0];
  await page.goto(`${address}?step=${name}`);
  const form = page.locator(`#do form:has(input[name=step][value=${name}])`);
  if (words) await form.locator('textarea[name=text]').fill(words);
  return form;
}

export const primary = (form: ReturnType<Page['locator']>) => form.locator('.buttons button').first();

/** Who files what others work on: somebody on no journey of their own, and within what one person may file in an hour. */
export const reporter = (): Person => (scripted() ? 'neighbour' : 'resident');

/** Files a report as a resident; gives its code. */
export async function filed(browser: Browser, text: string, category = 'other-problem', who = reporter()): Promise<string> {
  const resident = await open(browser, who, 'zh-CN');
  await resident.goto('/report');
  await islands(resident);
  await resident.locator('select[name=building]').selectOption('wutong-3');
  await resident.locator('select[name=category]').selectOption(category);
  await resident.locator('textarea[name=description]').fill(text);
  await resident.locator('.action-bar .primary').click();
  const different = resident.locator('button[name=different]');
  const done = /\/reports\/[A-Z0-9]{8}/;
  await Promise.race([different.waitFor(), resident.waitForURL(done)]);
  if (await different.isVisible()) await different.click();
  await expect(resident).toHaveURL(done);
  const code = new URL(resident.url()).pathname.split('/').pop()!;
  await resident.context().close();
  return code;
}

export async function dispatched(browser: Browser, code: string, to: string) {
  const staff = await open(browser, 'staff', 'zh-CN');
  await staff.goto(`/staff/reports/${code}`);
  await primary(await step(staff, 'accept')).click();
  await expect(staff.locator('.badge').first()).toContainText('已受理');
  const form = await step(staff, 'dispatch');
  await form.locator('label.choice', { hasText: to }).click();
  await primary(form).click();
  await expect(staff.locator('.badge').first()).toContainText('已派遣');
  await staff.context().close();
}
