import { LANGS, type Person, expect, open, test, word } from './support';
import { type Sheet, sheets } from './paper';

// What people print, looked at as pictures of the sheets that come out: nothing is cut at an edge, nothing dark is printed along
// from a dark screen, no sheet is nearly empty, no bar or button is on the paper.

type Paper = {
  as: Person;
  /** Where it is, or the page from which the first links that match lead there, one after the other. */
  on: string;
  follow?: string[];
  /** What is added to the address that was found. */
  then?: string;
  /** What must be on it, in Chinese and in English. */
  says: [string, string];
  /** The most sheets it may take. */
  most: number;
};

const PAPERS: Record<string, Paper> = {
  bulletin: { as: 'staff', on: '/staff/bulletins', follow: ['main a.item'], then: '/print', says: ['这些数怎么算', 'How these'], most: 8 },
  letter: { as: 'supervisor', on: '/staff/supervision?state=issued', follow: ['main a.table-title'], then: '/letter', says: ['（盖章）', '(seal)'], most: 1 },
  minutes: { as: 'staff', on: '/meetings', follow: ['main a.item:has(.badge[data-tone=ok])'], then: '/minutes', says: ['签字：', 'Signed:'], most: 3 },
  matter: { as: 'staff', on: '/staff/matters?tab=all', follow: ['main a.item'], says: ['经过', 'What happened'], most: 3 },
  company: { as: 'supervisor', on: '/property', follow: ['main a.table-title'], says: ['信用记录', 'Credit'], most: 2 },
  assessment: { as: 'supervisor', on: '/staff/property', follow: ['main a.table-title', 'main a[href^="/staff/property/assessments/"]'], says: ['完全一致', 'exactly'], most: 4 },
  agreement: { as: 'staff', on: '/staff/partners', follow: ['main a[href^="/staff/partners/agreements/"]'], says: ['社区（盖章）', 'For the community'], most: 1 },
  handbook: { as: 'staff', on: '/staff/handbook', follow: ['main a.item'], says: ['怎么办', 'What to do'], most: 1 },
  consultation: { as: 'resident', on: '/consultations', follow: ['main a[href^="/consultations/"]'], says: ['一户一份意见', 'One voice'], most: 1 },
  grid: { as: 'staff', on: '/staff/grids/wutong-g1', says: ['楼栋和中心户', 'key contacts'], most: 6 },
  net: { as: 'supervisor', on: '/staff/net', says: ['按期结案率 =', 'On-time rate ='], most: 5 },
  patrol: { as: 'staff', on: '/staff/patrols', follow: ['main a.item'], says: ['看哪里、看什么', 'look'], most: 1 },
  notice: { as: 'resident', on: '/notices', follow: ['a.notice-item:is(:has-text("免费体检"), :has-text("health check"))'], says: ['7:30–10:30', '7:30–10:30'], most: 2 },
  guide: { as: 'resident', on: '/services/birth-registration?hall=hall-wutong', says: ['父母双方身份证', 'identity cards'], most: 2 },
};

for (const [name, paper] of Object.entries(PAPERS)) {
  for (const lang of LANGS) {
    test(`the paper of ${name} is whole, white and full (${lang})`, async ({ browser }) => {
      const page = await open(browser, paper.as, lang);
      await page.goto(paper.on);
      for (const link of paper.follow ?? []) await page.goto((await page.locator(link).first().getAttribute('href'))!);
      if (paper.then) await page.goto(new URL(page.url()).pathname + paper.then);
      await expect(page.locator('h1')).toBeVisible();
      // A screen in the dark, in large type, prints as any other.
      await page.emulateMedia({ colorScheme: 'dark' });
      const printed = await sheets(page, name);
      expectWhole(printed, paper.most);
      expect(printed.map((one) => one.text).join('\n')).toContain(word(lang, ...paper.says));
      if (name === 'bulletin') {
        await page.emulateMedia({ media: 'print' });
        await expect(page.locator('.chart rect').first(), 'its charts are on the paper').toBeVisible();
      }
      await page.context().close();
    });
  }
}

for (const lang of LANGS) {
  test(`the paper of an appointment is whole, white and full (${lang})`, async ({ browser }) => {
    const page = await open(browser, lang === 'en' ? 'electrician' : 'volunteer', lang);
    await page.goto('/services/birth-registration?hall=hall-wutong');
    await page.locator('.action-bar .primary').click();
    await page.locator('.days a.day[data-state=open]').last().click();
    await page.locator('label.time:not(:has(input:disabled))').last().click();
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.hold-box .hold')).toBeVisible();
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.ticket[data-state=booked]')).toBeVisible();
    const code = (await page.locator('.ticket-code').first().innerText()).trim();
    await page.emulateMedia({ colorScheme: 'dark' });
    const printed = await sheets(page, 'appointment');
    expectWhole(printed, 2);
    const said = printed.map((one) => one.text).join('\n');
    for (const part of [code, word(lang, '父母双方身份证', 'identity cards')]) expect(said).toContain(part);
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`the paper of a number is one whole slip from the roll (${lang})`, async ({ browser }) => {
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/reception?hall=hall-wutong');
    await page.locator('form[action$="/reception/number"] button').click();
    const address = (await page.locator('.flash a[href$="/print"]').getAttribute('href'))!;
    for (const mm of [58, 80]) {
      await page.goto(`${address}?mm=${mm}`);
      const number = (await page.locator('.slip-number').innerText()).trim();
      await page.emulateMedia({ colorScheme: 'dark' });
      const [slip, ...more] = await sheets(page, `number-${mm}`);
      expect(more, 'one piece of paper').toEqual([]);
      expect(Math.round(slip.width)).toBe(mm);
      for (const white of slip.white!) expect(white, `white at its edges, ${slip.white} mm`).toBeGreaterThanOrEqual(2.5);
      expect(slip.dark, 'mm that are dark from side to side').toBeLessThan(3);
      expect(slip.text).toContain(number);
      expect(slip.text).toContain(word(lang, '扫', 'Scan'));
      // The code to follow it with is what most of the ink is.
      expect(slip.ink).toBeGreaterThan(0.03);
      expect(slip.ink).toBeLessThan(0.35);
    }
    await page.context().close();
  });
}

/** A4 sheets with a margin that printers keep, ink on each, and nothing dark from side to side. */
function expectWhole(printed: Sheet[], most: number) {
  expect(printed.length, 'sheets').toBeLessThanOrEqual(most);
  for (const [n, sheet] of printed.entries()) {
    const at = `sheet ${n + 1} of ${printed.length}`;
    expect([Math.round(sheet.width), Math.round(sheet.height)], at).toEqual([210, 297]);
    expect(sheet.white, `${at} is empty`).not.toBeNull();
    for (const white of sheet.white!) expect(white, `${at}: white at its edges, ${sheet.white} mm`).toBeGreaterThanOrEqual(8);
    expect(sheet.dark, `${at}: mm that are dark from side to side`).toBeLessThan(3);
    expect(sheet.ink, `${at}: ink`).toBeLessThan(0.35);
    const tall = sheet.height - sheet.white![1] - sheet.white![3];
    expect(tall, `${at}: mm from its first line to its last`).toBeGreaterThan(n === 0 ? 20 : 12);
  }
}
