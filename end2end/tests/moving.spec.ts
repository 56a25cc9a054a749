import { LANGS, expect, expectSound, open, scripted, test } from './support';
import { readFileSync } from 'node:fs';

// From a dry run to the end, with and without JavaScript: nothing happens before it is confirmed, and a table that was taken
// out comes in unchanged.
for (const lang of LANGS) {
  test(`an admin looks at a table, takes it over and takes it out again (${lang}) @nojs`, async ({ browser }) => {
    const page = await open(browser, 'admin', lang);
    await page.setViewportSize({ width: 1280, height: 900 });
    const code = `try-${lang === 'en' ? 'en' : 'zh'}-${scripted() ? 'js' : 'html'}-${Date.now() % 100_000}`;
    const send = async (kind: string, name: string, text: string | Buffer) => {
      await page.goto('/staff/imports');
      await page.locator(`input[name=kind][value=${kind}]`).check();
      const buffer = typeof text === 'string' ? Buffer.from(text) : text;
      await page.locator('input[name=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
      await page.locator('form[action="/staff/imports"] button.primary').click();
    };
    await page.goto('/staff');
    await page.locator('a[href="/staff/imports"]').click();
    await expectSound(page);

    // What is no table is told at its field.
    await send('buildings', 'no.csv', 'wish\n1\n');
    await expect(page.locator('#file-error')).toBeVisible();
    await expectSound(page);

    await send('buildings', 'buildings.csv', `code,grid,name\n${code},wutong-g1,1 号\n${code}-2,nowhere,2 号\n`);
    await expect(page).toHaveURL(/\/staff\/imports\/[0-9a-f-]+$/);
    await expect(page.locator('table')).toContainText('nowhere');
    await expectSound(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectSound(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect(page.locator('input[name=mode][value=all]')).toBeDisabled();
    const [refused] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href$="/refused.csv"]').click(),
    ]);
    expect(readFileSync(await refused.path(), 'utf8')).toContain('nowhere');
    await page.locator('form[action$="/take"] button.primary').click();
    await expect(page.locator('.note[data-tone=ok]')).toBeVisible();
    await expectSound(page);

    // Taken out, it comes in unchanged.
    await page.goto('/staff/exports');
    await expectSound(page);
    await page.locator('input[name=table][value=buildings]').check();
    await page.locator('select[name=place]').selectOption('wutong');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('form[action="/staff/exports"] button.primary').click(),
    ]);
    const text = readFileSync(await file.path());
    expect(text.toString()).toContain(`${code},wutong,wutong-g1`);
    await send('buildings', 'again.csv', text);
    await expect(page.locator('form[action$="/take"]')).toHaveCount(0);
    await expect(page.locator('.chip[aria-current]')).toContainText(lang === 'en' ? 'The same' : '不变');
    await page.locator('form[action$="/drop"] button').click();
    await expect(page).toHaveURL(/\/staff\/imports$/);
    await expect(page.locator('table')).toContainText('buildings.csv');
    await expectSound(page);
  });
}
