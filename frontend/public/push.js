// Offers notifications on this device where the browser can show them. Without this script, and in browsers that cannot
// (WeChat's among them), the page says so; notices are in the inbox all the same.
const box = document.querySelector('.push-offer');
const offer = box.querySelector('[data-offer]');
const button = offer.querySelector('button');
const status = box.querySelector('[role=status]');
const words = box.dataset;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const hash = async (text) => base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
const send = async (path, body) => {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
};

// Whose device it is, the server knows: somebody else may have been signed in here before.
const known = new Set(words.known.split(' '));
let on = false;
function show() {
  button.querySelector('span').textContent = on ? words.off : words.on;
  button.setAttribute('aria-pressed', String(on));
}

async function switchOn(manager) {
  if (await Notification.requestPermission() !== 'granted') {
    status.textContent = words.denied;
    return;
  }
  const key = bytes(words.key);
  const old = await manager.getSubscription();
  // One made for another key is of no use.
  if (old && base64url(old.options.applicationServerKey) !== words.key) await old.unsubscribe();
  const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await send('/api/v1/me/push', subscription);
  on = true;
  status.textContent = words.done;
}

async function switchOff(manager) {
  const subscription = await manager.getSubscription();
  if (subscription) {
    await send('/api/v1/me/push/end', { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  on = false;
  status.textContent = words.ended;
}

async function begin() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const now = await pushManager.getSubscription();
  on = Boolean(now) && known.has(await hash(now.endpoint));
  show();
  box.querySelector('[data-none]').hidden = true;
  offer.hidden = false;
  button.addEventListener('click', async () => {
    button.setAttribute('aria-busy', 'true');
    try {
      await (on ? switchOff(pushManager) : switchOn(pushManager));
    } catch (error) {
      console.info(error);
      status.textContent = words.failed;
    }
    button.removeAttribute('aria-busy');
    show();
  });
}

if (isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  begin().catch((error) => console.info(error));
}
