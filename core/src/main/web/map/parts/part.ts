import { LitElement } from 'lit';
import { store, type Topic } from '../store';

/** A part of the page: draws itself again when what it is about changes. Lives in the page's own tree, under its CSS. */
export abstract class Part extends LitElement {
  protected abstract readonly about: readonly Topic[];
  readonly #redraw = (): void => {
    this.requestUpdate();
  };

  readonly #linked = (): void => {
    if (store.link === 'live') {
      this.whenBack();
    }
  };

  /** The service can be reached again: what could not be fetched meanwhile is fetched now. */
  protected whenBack(): void {
    // Most parts show what the store fetches, which sees to it itself.
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.about.forEach((topic) => store.addEventListener(topic, this.#redraw));
    store.addEventListener('look', this.#redraw);
    store.addEventListener('link', this.#linked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.about.forEach((topic) => store.removeEventListener(topic, this.#redraw));
    store.removeEventListener('look', this.#redraw);
    store.removeEventListener('link', this.#linked);
  }
}
