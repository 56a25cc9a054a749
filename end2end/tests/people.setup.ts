import { PEOPLE, type Person, choose, signIn, stateOf, test } from './support';

// Each person signs in once through the door; the tests go on from there.
for (const [person, phone] of Object.entries(PEOPLE)) {
  test(`${person} signs in`, async ({ page }) => {
    await choose(page, 'zh-CN');
    await signIn(page, phone);
    await page.context().storageState({ path: stateOf(person as Person) });
  });
}
