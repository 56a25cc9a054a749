import { cuttable } from './proxy';
import { LANGS, PEOPLE, choose, expect, expectNoSidewaysScroll, expectSound, open, residentFor, scripted, signIn, test } from './support';

// Reading and answering notices: on a phone, in both languages, with JavaScript and without.
for (const lang of LANGS) {
  test(`read, sign up with two, ask, leave (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(150_000);
    const resident = await open(browser, residentFor(lang), lang);
    await resident.goto('/notices?kind=activity');
    await expectSound(resident);
    await resident.locator('a.notice-item', { hasText: '口腔义诊' }).click();
    await expect(resident.locator('.facts')).toContainText('60');
    await expect(resident.locator('#sign-up')).toBeVisible();
    await expectSound(resident);
    const notice = new URL(resident.url()).pathname;
    await resident.locator('#sign-up select[name=people]').selectOption('2');
    await resident.locator('#sign-up button.primary').click();
    await expect(resident).toHaveURL(new RegExp(`${notice}#sign-up`));
    await expect(resident.locator('#sign-up .note')).toContainText('2');
    await expectSound(resident);
    // The number changes without giving the seat up.
    await resident.locator('#sign-up details summary').first().click();
    await resident.locator('#sign-up select[name=people]').selectOption('1');
    await resident.locator('#sign-up details form .button').first().click();
    await expect(resident.locator('#sign-up .note')).toContainText('1');
    await resident.goto('/me');
    await resident.locator('a[href="/me/sign-ups"]').click();
    await expect(resident.locator('main')).toContainText('口腔义诊');
    await expectSound(resident);

    // At the door.
    const staff = await open(browser, 'staff', lang);
    await staff.goto(`/staff${notice}/sign-ups`);
    const came = staff.locator('button[name=came][value="1"]');
    const before = await came.count();
    await came.first().click();
    await expect(came).toHaveCount(before - 1);
    await staff.locator('button[name=came][value="0"]').first().click();
    await expectSound(staff);
    const file = await staff.request.get(`/staff${notice}/sign-ups.csv`);
    expect((await file.text()).split('\n').length).toBeGreaterThan(before);

    // A question: only its writer sees it until staff answer.
    const asked = `几点开始叫号？${lang} ${scripted() ? 'js' : 'html'} ${Date.now()}`;
    await resident.goto('/notices');
    await resident.locator('a.notice-item', { hasText: /更正：3、5、7 栋停水|Correction: water off/ }).first().click();
    await expect(resident).toHaveURL(/\/notices\/[0-9a-f-]{36}/);
    const about = new URL(resident.url()).pathname;
    await resident.locator('#questions details summary').last().click();
    await resident.locator('textarea[name=question]').fill(asked);
    await resident.locator('#questions form .button').click();
    await expect(resident.locator('#questions')).toContainText(asked);
    await expectSound(resident);
    const other = await open(browser, 'gridWorker', lang);
    await other.goto(about);
    await expect(other.locator('main')).not.toContainText(asked);
    await staff.goto('/staff/questions');
    await expectSound(staff);
    await staff.locator('a.table-title', { hasText: asked }).click();
    await expectSound(staff);
    await staff.locator('textarea[name=text]').fill('八点半开始。');
    await staff.locator('form button.primary').click();
    await expect(staff).toHaveURL(/\/staff\/questions$/);
    await other.goto(about);
    await expect(other.locator('#questions')).toContainText(asked);
    await expect(other.locator('#questions')).toContainText('八点半开始。');

    // Taken back, asked once.
    await resident.goto(notice);
    await resident.locator('#sign-up details.confirm summary').click();
    await resident.locator('#sign-up details.confirm form .button').click();
    await expect(resident.locator('#sign-up button.primary')).toBeVisible();
    for (const page of [resident, staff, other]) await page.context().close();
  });

  test(`a visitor reads in large type and is asked to sign in (${lang}) @nojs`, async ({ page }) => {
    await choose(page, lang, 'large');
    await page.goto('/notices?kind=activity');
    await page.locator('a.notice-item', { hasText: '口腔义诊' }).click();
    await expect(page.locator('#sign-up a[href^="/login?next=/notices/"]')).toBeVisible();
    await expectSound(page);
  });
}

test('a television shows one notice at a time, also in a lift @nojs', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  for (const address of ['/board/notices?community=wutong', '/board/notices?building=wutong-5&lang=en']) {
    await page.goto(address);
    await expect(page.locator('.noticeboard h1')).toBeVisible();
    await expect(page.locator('.noticeboard-qr img')).toBeVisible();
    await expectSound(page);
    const taller = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    expect(await taller(), 'nobody scrolls a television').toBeLessThanOrEqual(0);
    // However much there is to say; its code stays in sight.
    await page.evaluate(() => {
      document.querySelector('.noticeboard h1')!.textContent = '请大家注意停水停电停气的时间和范围'.repeat(8);
      const fact = '<div><dt>地点</dt><dd>' + '梧桐社区一栋至二十栋'.repeat(20) + '</dd></div>';
      document.querySelector('.noticeboard-text')!.innerHTML = `<dl class="facts">${fact.repeat(4)}</dl>`;
    });
    expect(await taller(), 'nobody scrolls a television').toBeLessThanOrEqual(0);
    await expect(page.locator('.noticeboard-qr')).toBeInViewport({ ratio: 1 });
    await expect(page.locator('.noticeboard-foot')).toBeInViewport({ ratio: 1 });
  }
  await expect(page.locator('html')).not.toHaveAttribute('data-who', /./);
});

test('the television turns by itself, keeps what it shows without a server and goes on', async ({ page, context }) => {
  test.setTimeout(180_000);
  await page.goto('/board/notices?community=wutong');
  const title = page.locator('.noticeboard h1');
  const first = await title.innerText();
  await expect(title).not.toHaveText(first, { timeout: 40_000 });
  await context.route('**/board/notices**', (route) => route.abort());
  await expect(page.locator('.noticeboard[data-lost]')).toBeVisible({ timeout: 60_000 });
  await expect(title).toBeVisible();
  await context.unroute('**/board/notices**');
  await expect(page.locator('.noticeboard[data-lost]')).toHaveCount(0, { timeout: 40_000 });
});
test.use({ allowErrors: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/] });

test('another page shows the list in a frame; a link opens in place of that page @nojs', async ({ page, baseURL }) => {
  // A page of somebody else's, as far as one server can show it.
  const body = `<!doctype html><h1>物业网站</h1><iframe src="${baseURL}/embed/notices?community=wutong" width="380" height="420"></iframe>`;
  await page.route('**/property.html', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await page.goto('/property.html');
  const list = page.frameLocator('iframe');
  await expect(list.locator('li a').first()).toBeVisible();
  await expect(list.locator('script, form')).toHaveCount(0);
  await list.locator('li a').first().click();
  await expect(page).toHaveURL(/\/notices\/[0-9a-f-]{36}$/);
  await page.goto('/embed/notices?community=wutong&lang=en');
  await expectNoSidewaysScroll(page);
});

test.describe('in a lift, without a signal', () => {
  test.use({ allowErrors: [/ERR_|Failed to load|net::|FetchEvent/] });

  test('the latest notices are readable, and the one asked for is in sight', async ({ browser }) => {
    // A phone whose network can really be cut.
    const { baseURL, ...use } = test.info().project.use;
    const way = await cuttable(baseURL!);
    const context = await browser.newContext({ ...use, baseURL: way.url, storageState: undefined, serviceWorkers: 'allow' });
    const page = await context.newPage();
    await signIn(page, PEOPLE.resident);
    await choose(page, 'zh-CN');
    await page.goto('/notices');
    const link = page.locator('a.notice-item', { hasText: '口腔义诊' });
    const notice = (await link.getAttribute('href'))!;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const kept = () => page.evaluate(async () => Boolean(await caches.match('/notices/kept?shell', { ignoreVary: true })));
    await expect.poll(kept, { timeout: 60_000 }).toBe(true);
    await page.reload();
    way.cut(true);
    await context.setOffline(true);
    await page.goto(notice);
    const own = page.locator(`#n-${notice.split('/').pop()}`);
    await expect(own).toBeInViewport();
    await expect(own).toContainText('不收费、不推销');
    expect(await page.locator('section.kept').count()).toBeLessThanOrEqual(30);
    await page.goto('/notices?kind=outage');
    await expect(page.locator('h1')).toHaveText('最近的公告');
    // The page is everybody's: nobody's name, nobody's inbox.
    await expect(page.locator('main')).not.toContainText('林晓禾');
    await expectSound(page);
    // A page that is not kept leads here.
    await page.goto('/me');
    await page.locator('main a[href="/notices"]').click();
    await expect(page.locator('section.kept').first()).toBeVisible();
    await context.close();
    await way.close();
  });
});

test('what changed since the last visit @nojs', async ({ page, context, baseURL }) => {
  await choose(page, 'zh-CN');
  await page.goto('/notices');
  await expect(page.locator('.since')).toHaveCount(0);
  // The last visit was a day ago, on the demo's clock.
  const yesterday = BigInt(Date.parse('2026-11-24T10:00:00+08:00')) * 1000n;
  await context.addCookies([{ name: 'linli_seen', value: `${yesterday}.0`, domain: new URL(baseURL!).hostname, path: '/' }]);
  await page.goto('/notices');
  await expect(page.locator('.since')).toContainText('新的或有更正');
  await expect(page.locator('.seen-line')).toHaveCount(1);
  await expectSound(page);
  await page.locator('.since a').click();
  await expect(page).toHaveURL(/new=1/);
  await expect(page.locator('.seen-line')).toHaveCount(0);
  await expect(page.locator('a.notice-item').first()).toBeVisible();
});

test('a notice is read aloud from its title on, a sentence at a time, until a second tap', async ({ page }) => {
  await page.addInitScript(() => {
    const spoken: SpeechSynthesisUtterance[] = [];
    Object.assign(window, { spoken });
    if (!window.speechSynthesis) return;
    window.speechSynthesis.speak = (words) => { spoken.push(words); };
    window.speechSynthesis.cancel = () => { for (const words of spoken.splice(0)) words.onerror?.(new Event('error') as SpeechSynthesisErrorEvent); };
  });
  await choose(page, 'zh-CN');
  await page.goto('/notices?kind=activity');
  await page.locator('a.notice-item', { hasText: '口腔义诊' }).click();
  const button = page.locator('button[data-do=speak]');
  await expect(button).toHaveText('朗读');
  await button.click();
  await expect(button).toHaveText('停止朗读');
  const said = await page.evaluate(() => (window as unknown as { spoken: SpeechSynthesisUtterance[] }).spoken.map((words) => [words.lang, words.text]));
  expect(said[0]![1]).toContain('口腔义诊');
  expect(said.length).toBeGreaterThan(4);
  expect(said.every(([lang, text]) => lang === 'zh-CN' && text!.trim() && text!.length < 120)).toBe(true);
  await button.click();
  await expect(button).toHaveText('朗读');
});

test('a notice prints as a notice: its words, and nothing to tap', async ({ page }) => {
  await choose(page, 'zh-CN');
  await page.goto('/notices?kind=activity');
  await page.locator('a.notice-item', { hasText: '口腔义诊' }).click();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('article.notice')).toBeVisible();
  await expect(page.locator('.notice-address')).toBeVisible();
  for (const gone of ['.bar', '.notice-tools', '#sign-up .button', '.top-tools']) await expect(page.locator(gone).first()).toBeHidden();
});
