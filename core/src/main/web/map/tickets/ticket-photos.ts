import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Failure, Ticket } from '../../shared/api';
import { t, type TextKey } from '../../shared/texts';
import { failureOf } from '../parts/loaded';
import { undone } from '../parts/notice';
import { Part } from '../parts/part';
import '../parts/photos';
import { store, type Topic } from '../store';
import { mayAct } from './moves';

export const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
const KINDS = ['image/jpeg', 'image/png'];

/** Why a file is not worth sending, in words; null when it is. */
export function unfit(file: Pick<File, 'type' | 'size'>): TextKey | null {
  if (!KINDS.includes(file.type)) {
    return 'photo_kind';
  }
  return file.size > MAX_PHOTO_BYTES ? 'photo_large' : null;
}

/** The ticket's photos: small ones in a row, a large one on a click, one more from a file. */
@customElement('canopy-ticket-photos')
export class TicketPhotos extends Part {
  protected readonly about: readonly Topic[] = ['session'];
  @property({ attribute: false }) ticket!: Ticket;
  @state() private busy = false;
  @state() private wrong: TextKey | null = null;
  @state() private failure: Failure | null = null;
  #last: File | null = null;

  protected override render(): TemplateResult {
    const photos = this.ticket.photos ?? [];
    const may = mayAct(store.user);
    return html`<h3>${t('photos')}</h3>
      ${photos.length === 0 ? html`<p class="soft">${t('empty_photos')}</p>` : html`<canopy-photos .photos=${photos}></canopy-photos>`}
      ${may
        ? html`<label class="file" ?data-busy=${this.busy}>
            <span>${this.busy ? t('photo_sending') : t('photo_add')}</span>
            <input type="file" class="unseen" accept=${KINDS.join(',')} ?disabled=${this.busy} @change=${this.#picked} />
          </label>`
        : none}
      ${this.wrong === null ? none : html`<p class="wrong" role="alert">${t(this.wrong)}</p>`}
      ${this.failure === null ? none : undone(this.failure, this.#last === null ? null : () => void this.#send(this.#last as File))}`;
  }

  readonly #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = ''; // So that the same file can be picked again.
    if (file !== undefined) {
      this.wrong = unfit(file);
      this.failure = null;
      if (this.wrong === null) {
        void this.#send(file);
      }
    }
  };

  async #send(file: File): Promise<void> {
    this.#last = file;
    this.busy = true;
    this.failure = null;
    const { id } = this.ticket;
    try {
      await api.addPhoto(id, file);
      this.#last = null;
      store.took(await api.ticket(id));
    } catch (e) {
      this.failure = failureOf(e);
    } finally {
      this.busy = false;
    }
  }
}
