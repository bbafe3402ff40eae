import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Assignee } from '../../shared/api';
import { t } from '../../shared/texts';
import { failed } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';

const MAX_ASSIGNEE = 200;

/** One of the names to choose from: what is written into the field, and what is shown beside it. */
export interface Choice {
  name: string;
  label: string;
}

/** Oneself first, then people, then the teams that zones name. */
export function choices(people: readonly Assignee[], teams: readonly string[], me: string): Choice[] {
  const known = people.map(({ name, display_name: label }) => ({ name, label }));
  const own = known.filter((one) => one.name === me);
  const names = new Set(known.map((one) => one.name));
  return [...own, ...known.filter((one) => one.name !== me), ...teams.filter((one) => !names.has(one)).map((name) => ({ name, label: '' }))];
}

/** Who is to deal with a ticket: chosen among people and teams, or written freely. Fires `assign` with the name, or null. */
@customElement('canopy-assign')
export class Assign extends Part {
  protected readonly about: readonly Topic[] = ['people', 'layers', 'session'];
  @property() assignee: string | null = null;
  @property({ type: Boolean }) busy = false;

  protected override firstUpdated(): void {
    if (store.people.value === null) {
      void store.loadPeople();
    }
  }

  protected override render(): TemplateResult {
    const me = store.me?.name ?? '';
    return html`<form class="assign" @submit=${this.#submitted}>
      <label
        >${t('assignee')}<input
          name="assignee"
          list="assignees"
          autocomplete="off"
          spellcheck="false"
          maxlength=${MAX_ASSIGNEE}
          placeholder=${t('assignee_hint')}
          .value=${live(this.assignee ?? '')}
          ?disabled=${this.busy}
      /></label>
      <datalist id="assignees">
        ${choices(store.people.value ?? [], store.teams(), me).map((one) => html`<option value=${one.name}>${one.name === me ? t('yourself') : one.label}</option>`)}
      </datalist>
      <div class="line">
        <button ?disabled=${this.busy}>${t('assign')}</button>
        ${this.assignee === me ? none : html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.#tell(me)}>${t('assign_me')}</button>`}
      </div>
      ${store.people.failure === null ? none : failed(store.people.failure, () => void store.loadPeople())}
    </form>`;
  }

  readonly #submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = (new FormData(event.target as HTMLFormElement).get('assignee') as string).trim();
    this.#tell(name === '' ? null : name);
  };

  #tell(name: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('assign', { detail: name }));
  }
}
