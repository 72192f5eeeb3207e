const WORKER = "/worker.js";

/** What browsers that know trusted types have, as far as we use it. */
interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): {
    createScriptURL(url: string): unknown;
  };
}

/** Lets the device keep what it was shown, for when there is no connection. */
export function install(): void {
  if (!("serviceWorker" in navigator) || self !== top) return;
  const policies = (window as { trustedTypes?: Policies }).trustedTypes;
  // The one script that our scripts may load, and the one policy there is (src/lotto/web/safety.py).
  const policy = policies?.createPolicy("lotto", {
    createScriptURL: (url) => {
      if (url === WORKER) return url;
      throw new TypeError(`${url} is no worker of ours.`);
    },
  });
  const address = (policy?.createScriptURL(WORKER) ?? WORKER) as string;
  addEventListener("load", () => {
    // Without it the site is as good, but for when there is no connection.
    navigator.serviceWorker.register(address).catch(() => undefined);
  });
}
