import { startServer } from '../tools/with-server.mjs';

/** Starts a server for the whole run unless one is given, and stops it at the end. */
export default async function globalSetup(): Promise<(() => Promise<void>) | void> {
  if (process.env.LINLI_BASE_URL) return;
  const server = await startServer();
  // The workers read the configuration anew, and with it this address.
  process.env.LINLI_BASE_URL = server.url;
  return server.stop;
}
