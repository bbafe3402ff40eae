import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Photo } from '../../shared/api';
import { exact } from '../../shared/format';
import { t } from '../../shared/texts';
import type { Topic } from '../store';
import { Part } from './part';

/** Photos: small ones in a row, a large one on a click. */
@customElement('canopy-photos')
export class Photos extends Part {
  protected readonly about: readonly Topic[] = [];
  @property({ attribute: false }) photos: readonly Photo[] = [];
  @state() private shown: Photo | null = null;

  protected override render(): TemplateResult {
    return html`<ul class="photos">
        ${this.photos.map((one, at) => this.#thumb(one, at + 1))}
      </ul>
      ${this.#large()}`;
  }

  #thumb(photo: Photo, n: number): TemplateResult {
    const name = this.#name(photo, n);
    return html`<li>
      <button type="button" aria-label=${name} title=${name} @click=${() => this.#open(photo)}><img src=${photo.thumb_url} alt="" loading="lazy" /></button>
    </li>`;
  }

  #large(): TemplateResult {
    const photo = this.shown;
    return html`<dialog class="photo" aria-label=${t('photos')} @close=${() => (this.shown = null)}>
      ${photo === null
        ? none
        : html`<img src=${photo.url} width=${photo.width} height=${photo.height} alt=${this.#name(photo, this.photos.indexOf(photo) + 1)} />
            <p class="soft">${exact(photo.taken_at ?? photo.added_at)}</p>`}
      <form method="dialog"><button class="main">${t('close')}</button></form>
    </dialog>`;
  }

  #name(photo: Photo, n: number): string {
    return t('photo_of', { n, time: exact(photo.taken_at ?? photo.added_at) });
  }

  #open(photo: Photo): void {
    this.shown = photo;
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal());
  }
}
