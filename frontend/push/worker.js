// Notices that come while no page is open: shown, and opened by a tap. Part of the service worker.
addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch { /* Nothing that we sent. */ }
  const { title = 'Linli 邻里', body, tag, lang, url = '/notices', urgent = false } = told;
  // The tag is that of the first notice: what corrects it takes its place and says so; the same twice is shown once.
  event.waitUntil((async () => {
    const shown = tag ? await registration.getNotifications({ tag }) : [];
    const renotify = shown.length > 0 && !shown.some((one) => one.data?.url === url);
    await registration.showNotification(title, {
      body, tag, lang, renotify, data: { url }, requireInteraction: urgent, icon: '/icons/icon-192.png',
    });
  })());
});

addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? '/', location.origin);
  if (url.origin !== location.origin) return;
  event.waitUntil((async () => {
    const open = await clients.matchAll({ type: 'window', includeUncontrolled: true });
    const there = open.find((client) => new URL(client.url).pathname === url.pathname);
    return there ? there.focus() : clients.openWindow(url.href);
  })());
});

// The browser changed the address by itself: the new one takes the old one's place, while its person is signed in.
addEventListener('pushsubscriptionchange', (event) => {
  const send = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  event.waitUntil((async () => {
    const options = event.oldSubscription?.options;
    const fresh = event.newSubscription ?? (options && await registration.pushManager.subscribe(options));
    if (!fresh) return;
    if (event.oldSubscription) await send('/api/v1/me/push/end', { endpoint: event.oldSubscription.endpoint });
    await send('/api/v1/me/push', fresh);
  })());
});
