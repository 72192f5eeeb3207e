/**
 * `<lotto-result lottery="us_powerball" lang="en" theme="dark">`: the newest result of a game on a page of anyone's. One
 * file that needs nothing of that page and leaves nothing on it; it reads our API across origins and sends nothing.
 */
import { ask, follow } from "./embed/api";
import { result } from "./embed/result";
import { STYLE } from "./embed/style";

class LottoResult extends HTMLElement {
  static observedAttributes = ["lottery", "lang", "theme"];

  #root = this.attachShadow({ mode: "open" });
  #leave: (() => void) | undefined;
  #turn = 0;

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  attributeChangedCallback(): void {
    if (this.#leave) this.#begin();
  }

  #begin(): void {
    this.#leave?.();
    this.#leave = follow(this.getAttribute("lottery") ?? "", () => void this.#show());
    void this.#show();
  }

  async #show(): Promise<void> {
    const turn = ++this.#turn;
    const shown = result(await ask(this.getAttribute("lottery") ?? "", this.lang || document.documentElement.lang));
    // Of answers that overtake each other the last that was asked for counts; without one, what stands there stays.
    if (turn !== this.#turn || (!shown && this.#root.childElementCount)) return;
    this.#root.replaceChildren(...(shown ? [shown] : []));
  }
}

if (!customElements.get("lotto-result")) customElements.define("lotto-result", LottoResult);
