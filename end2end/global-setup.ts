import { startServer } from '../tools/with-server.mjs';

/** Starts a server for the whole run unless one is given, and stops it at the end. */
export default async function globalSetup(): Promise<(() => Promise<void>) | void> {
  if (process.env.LINLI_BASE_URL) return;
  // A working morning, so that halls are open whenever the tests run; LINLI_TEST_NOW tries another time.
  const server = await startServer({ LINLI_DEMO_NOW: process.env.LINLI_TEST_NOW ?? '2026-11-25T10:00:00+08:00' });
  // Somebody who is not of the demo: the one kind of person who is asked for a second factor in demo mode.
  for (const [phone, name] of [['19911112222', '宋知远'], ['19911112223', '叶如山']]) {
    server.linli(['person', 'add', '--phone', phone, '--name', name, '--role', 'community_staff', '--at', 'wutong']);
  }
  // The workers read the configuration anew, and with it this address.
  process.env.LINLI_BASE_URL = server.url;
  return server.stop;
}
