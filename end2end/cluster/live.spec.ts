import { expect, open, test } from '../tests/support';

const servers = () => process.env.LINLI_TEST_SERVERS!.split(' ');
const HALL = 'hall-wutong';

test('a call at one server shows on the board and the ticket of another', async ({ browser }) => {
  test.setTimeout(120_000);
  const [one, two] = servers();
  const clerk = await open(browser, 'staff', 'zh-CN');
  await clerk.goto(`${one}/staff/counter/${HALL}.1`);
  const begin = clerk.locator('form[action$="/open"] button');
  if (await begin.count()) await begin.click();
  await expect(clerk.locator('form[action$="/close"]')).toBeVisible();
  for (const key of ['n', 'f']) {
    const left = clerk.locator(`[data-key="${key}"]`);
    if (await left.count()) await left.click();
  }
  await expect(clerk.locator('[data-key=" "]')).toBeVisible();
  await clerk.locator('details:has(form[action$="/walk-in"]) summary').click();
  await clerk.locator('form[action$="/walk-in"] select[name=class]').selectOption({ index: 1 });
  await clerk.locator('form[action$="/walk-in"] button').click();
  await expect(clerk.locator('.counter-line .line-row').first()).toBeVisible();

  const screen = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const board = await screen.newPage();
  await board.goto(`${two}/board/${HALL}`);
  const begun = Date.now();
  await clerk.locator('[data-key=" "]').click();
  await expect(clerk.locator('[data-key="s"]')).toBeVisible();
  const number = (await clerk.locator('.call-number').innerText()).trim();
  await expect(board.locator('.board-now').first()).toContainText(number, { timeout: 10_000 });
  console.log(`called at ${one}, shown at ${two} after ${Date.now() - begun} ms`);
  await screen.close();
  await clerk.context().close();
});

test('a session, a draft and a page are the same at every server', async ({ browser }) => {
  const page = await open(browser, 'resident', 'zh-CN');
  const seen = new Set<string>();
  for (const server of servers()) {
    await page.goto(`${server}/me`);
    await expect(page).toHaveURL(`${server}/me`);
    seen.add(await page.locator('h1').first().innerText());
  }
  expect(seen.size).toBe(1);
  await page.context().close();
});
