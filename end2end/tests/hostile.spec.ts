import { readFileSync } from 'node:fs';
import { REPORT } from './reporting';
import { choose, expect, expectNoSidewaysScroll, open, signIn, test } from './support';

// Text that would do something if any page let it. The browser's own guard (CSP) is switched off, so that only our
// escaping stands between this text and the page.
const EVIL = `</textarea></title><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload="window.pwned=1">`;
/** What no line of a phone has room for, without a place to break it. */
const LONG = `${EVIL} ${'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(2)}`;
/** The corpus of the server's tests, with something in it that leaves a trace. */
const CORPUS = readFileSync(new URL('../../server/tests/fixtures/hostile-markdown.txt', import.meta.url), 'utf8')
  .split('\n=====\n').join('\n\n').replaceAll('alert(1)', 'window.pwned=1');
const EVIL_MARKDOWN = `${CORPUS}\n\n${EVIL}\n\n[tap](javascript:window.pwned=1) ![x](x" onerror="window.pwned=1) <iframe src="javascript:window.pwned=1"></iframe>\n\n<a href="data:text/html,x" onclick="window.pwned=1">a</a>`;

// Something like it may be open nearby: the form's question is answered with 409.
test.use({ bypassCSP: true, allowErrors: [/status of 409 .*\/api\/v1\/reports/] });

async function expectInert(page: import('@playwright/test').Page, path: string) {
  await page.goto(path);
  await page.waitForTimeout(150);
  const found = await page.evaluate(() => ({
    ran: 'pwned' in window,
    made: document.querySelectorAll('img[src="x"], main script, iframe, svg[onload], [onerror], [onclick], a[href^="javascript:"], a[href^="data:"]').length,
  }));
  expect(found, `what hostile text did on ${path}`).toEqual({ ran: false, made: 0 });
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.evaluate(() => (document.documentElement.dataset.size = 'large'));
  await expectNoSidewaysScroll(page);
}

test('hostile names, reports and notices are inert on every page that shows them', async ({ page, browser }) => {
  test.setTimeout(420_000);
  await choose(page, 'zh-CN');
  // Somebody of their own: the name stays, and others look for the demo's people by theirs.
  await signIn(page, '19911113333');

  // A name with markup.
  await page.goto('/me/name');
  await page.locator('input[name=name]').fill('<img src=x onerror=pwned=1>');
  await page.locator('main form .primary').first().click();
  await expectInert(page, '/me');

  // A report with markup in every text and in a file's name.
  await page.goto('/report');
  await expect(page.locator('html[data-ready]')).toBeAttached();
  const buffer = readFileSync(new URL('../../server/tests/fixtures/photos/orientation-1.jpg', import.meta.url));
  await page.locator('input[type=file]').setInputFiles({ name: `"><img src=x onerror=pwned=1>.jpg`, mimeType: 'image/jpeg', buffer });
  await expect(page.locator('.photo[data-state=ready]')).toHaveCount(1);
  await page.locator('select[name=building]').selectOption({ index: 1 });
  await page.locator('select[name=category]').selectOption({ index: 1 });
  await page.locator('input[name=place]').fill(EVIL.slice(0, 90));
  await page.locator('textarea[name=description]').fill(LONG);
  await page.locator('.action-bar .primary').click();
  const different = page.locator('button[name=different]');
  await Promise.race([different.waitFor(), page.waitForURL(REPORT)]);
  if (await different.isVisible()) await different.click();
  await expect(page).toHaveURL(REPORT);
  const code = new URL(page.url()).pathname.split('/').pop()!;

  const staff = await open(browser, 'staff', 'zh-CN');
  await staff.goto(`/staff/reports/${code}?step=reject`);
  await staff.locator('#do textarea[name=text]').fill(LONG);
  await staff.locator('#do form .primary, #do form .danger').first().click();

  // A notice with markup and hostile Markdown.
  await staff.goto('/staff/notices/new?kind=service&blank=1');
  await staff.locator('label.choice:has(input[name=kind][value=policy])').click();
  await staff.locator('input[name=title]').fill(EVIL.slice(0, 75));
  await staff.locator('textarea[name=body]').fill(EVIL_MARKDOWN);
  await staff.locator('label.choice:has(input[name=aims][value=wutong])').click();
  // A picture and a file that say it as well.
  await staff.locator('button[name=action][value=files]').click();
  const photo = readFileSync(new URL('../../server/demo/photos/bikes-before.jpg', import.meta.url));
  await staff.locator('#picture').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: photo });
  await staff.locator('#alt').fill(EVIL.slice(0, 110));
  await staff.locator('form[action$="/picture"] button').click();
  const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n');
  await staff.locator('#file').setInputFiles({ name: '<img src=x onerror=window.pwned=1>.pdf', mimeType: 'application/pdf', buffer: pdf });
  await staff.locator('form[action$="/file"] button').click();
  await staff.locator('.action-bar a').click();
  await staff.locator('button[name=action][value=next]').click();
  await staff.locator('form[action$="/publish"] .primary').click();
  const id = new URL(staff.url()).pathname.split('/').pop()!;

  for (const path of ['/', '/me', '/me/name', '/me/inbox', '/me/reports', '/me/devices', `/reports/${code}`, '/notices', `/notices/${id}`, `/notices/${id}?lang=en`, '/embed/notices?community=wutong', '/notices/kept?shell=1&community=wutong&lang=zh-CN', '/board/notices?community=wutong', '/board/hall-wutong']) {
    await expectInert(page, path);
  }
  for (const path of ['/staff', '/staff/reports', `/staff/reports/${code}`, '/staff/notices', `/staff/notices/${id}`, `/staff/notices/${id}/edit`, `/staff/notices/${id}/versions`, `/staff/notices/${id}/preview`, '/staff/appointments', '/staff/questions', '/staff/notices/screens']) {
    await expectInert(staff, path);
  }
  await staff.context().close();

  // A feed reader that shows what the feed carries, and cleans nothing.
  const feed = await (await page.request.get('/notices.atom?community=wutong&kind=policy')).text();
  expect(feed).toContain(id);
  await page.goto('/offline');
  const html = await page.evaluate((xml) => [...new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll('content')].map((content) => content.textContent).join(''), feed);
  expect(html).toContain('window.pwned');
  await page.setContent(html);
  await page.waitForTimeout(150);
  expect(await page.evaluate(() => ({ ran: 'pwned' in window, made: document.querySelectorAll('script, iframe, svg, style, [onerror], [onclick], a[href^="javascript:"], a[href^="data:"]').length }))).toEqual({ ran: false, made: 0 });

  // The screen of the hall, which takes turns with the newest notices: until it is this one's turn, and in the largest type.
  await page.setViewportSize({ width: 390, height: 844 });
  await choose(page, 'en', 'large');
  await expect(async () => {
    await page.goto('/board/hall-wutong');
    await expect(page.locator('.board-foot')).toContainText('pwned', { timeout: 100 });
    await expectNoSidewaysScroll(page);
  }).toPass({ timeout: 150_000, intervals: [3_000] });
  await choose(page, 'zh-CN');

  // What is searched for is shown again.
  for (const path of ['/notices?q=', '/services?q=', '/login?next=', '/report?place=']) {
    await expectInert(page, path + encodeURIComponent(LONG));
  }
});
