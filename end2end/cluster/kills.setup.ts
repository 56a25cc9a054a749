import { expect, test } from '@playwright/test';

test('from here on one server is killed every ten seconds and started again', async ({ request }) => {
  const answer = await request.post(process.env.LINLI_TEST_CONTROL!, { data: 'restarts 10' });
  expect(answer.ok()).toBe(true);
});
