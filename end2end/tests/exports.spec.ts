import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Download, Page } from '@playwright/test';
import { LANGS, expect, expectSound, open, sizeFor, test, word } from './support';

// Tables that staff take with them: the file arrives, has the name it should have, and opens.

async function taken(page: Page, table: string, form: 'csv' | 'xlsx'): Promise<{ name: string; bytes: Buffer }> {
  await page.locator(`input[name=table][value=${table}]`).check();
  await page.locator(`input[name=as][value=${form}]`).check();
  const arrives: Promise<Download> = page.waitForEvent('download');
  await page.locator('.action-bar button.primary').click();
  const file = await arrives;
  // The next one may be asked for at once.
  await expect(page.locator('form[data-sent]')).toHaveCount(0);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The parts of a zip file, by its central directory. */
function unzipped(zip: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  let at = zip.indexOf('PK\x01\x02', 0, 'latin1');
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((n) => zip.readUInt16LE(at + n));
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(from, from + size);
    parts.set(zip.toString('utf8', at + 46, at + 46 + name), (method === 0 ? packed : inflateRawSync(packed)).toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return parts;
}

for (const lang of LANGS) {
  test(`a table is chosen and arrives as CSV and as xlsx (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'staff', lang, sizeFor(lang));
    await page.goto('/staff/exports');
    await expectSound(page);
    // A period that ends before it begins comes back at its field.
    const from = await page.locator('[name=from]').inputValue();
    await page.locator('[name=to]').fill('2020-01-01');
    await page.locator('input[name=table][value=reports]').check();
    await page.locator('.action-bar button.primary').click();
    await expect(page.locator('#to-error')).toBeVisible();
    await expect(page.locator('input[name=table][value=reports]')).toBeChecked();
    await expectSound(page);

    await page.goto('/staff/exports');
    const csv = await taken(page, 'reports', 'csv');
    expect(csv.name).toMatch(new RegExp(`^linli-reports-wutong-${from}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
    const [head, ...rows] = csv.bytes.toString('utf8').replace(/^\ufeff/, '').trimEnd().split(/\r?\n/);
    expect(csv.bytes.subarray(0, 3), 'so that spreadsheets read it as UTF-8').toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    for (const column of word(lang, '编号,社区,网格,类别,状态,上报时间', 'Code,Community,Grid,Category,State,Filed at').split(',')) {
      expect(head.split(',')).toContain(column);
    }
    expect(rows.length, 'the demonstration has reports in these weeks').toBeGreaterThan(10);

    const xlsx = await taken(page, 'notices', 'xlsx');
    expect(xlsx.name).toMatch(/^linli-notices-wutong-.*\.xlsx$/);
    expect(xlsx.bytes.toString('latin1', 0, 2)).toBe('PK');
    const parts = unzipped(xlsx.bytes);
    const sheets = [...parts.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(sheets).toHaveLength(1);
    const said = [...parts.values()].join('');
    expect(said).toContain(word(lang, '标题', 'Title'));
    expect(parts.get('xl/worksheets/sheet1.xml')!.match(/<row /g)!.length, 'a heading and notices').toBeGreaterThan(5);
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`who may not take tables is not offered any (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'gridWorker', lang);
    expect((await page.goto('/staff/exports'))!.status()).toBe(403);
    await expectSound(page, ['light']);
    await page.context().close();
  });
}
