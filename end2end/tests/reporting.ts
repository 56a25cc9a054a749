import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, islands, scripted, test } from './support';

/** A photo of the server's own tests. */
export const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));

/** Address of a report's page. */
export const REPORT = /\/reports\/[A-Z0-9]{8}/;

export const codeOf = (path: string) => path.split('?')[0].split('/').pop()!;

/** Sends a form as a page of ours does, and expects it to be taken. */
export async function send(page: Page, path: string, form: Record<string, string>) {
  const answer = await page.request.post(path, { form, headers: { origin: test.info().project.use.baseURL! }, maxRedirects: 0 });
  expect(answer.status(), `${path} ${JSON.stringify(form)}: ${(await answer.text()).slice(0, 600)}`).toBe(303);
}

/**
 * Fills in the form for building 1 and sends it; whatever is open nearby, this one is another. Gives the page's address.
 * With JavaScript the form asks the API about similar ones: its answer 409 stands in the console.
 */
export async function file(page: Page, text: string, photos: string[] = [], category = 'street-light'): Promise<string> {
  await page.goto('/report');
  await islands(page);
  if (photos.length) await page.locator('input[type=file]').setInputFiles(photos);
  if (scripted()) await expect(page.locator('.photo[data-state=ready]')).toHaveCount(photos.length);
  await page.locator('select[name=building]').selectOption('wutong-1');
  await page.locator('textarea[name=description]').fill(text);
  await page.locator('select[name=category]').selectOption(category);
  await page.locator('.action-bar .primary').click();
  const different = page.locator('button[name=different]');
  await Promise.race([different.waitFor(), page.waitForURL(REPORT)]);
  if (await different.isVisible()) await different.click();
  await expect(page).toHaveURL(REPORT);
  return new URL(page.url()).pathname + new URL(page.url()).search;
}
